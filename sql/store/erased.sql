-- What is to be erased: postings, and the names of employers.
create or replace temp table erased (posting_id varchar);
create or replace temp table erased_name (employer varchar);
