-- What the employers' data says of names.
create or replace temp table named (employer varchar, employer_id varchar, name varchar, domain varchar, agency boolean);
