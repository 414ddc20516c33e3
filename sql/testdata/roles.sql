-- Fills what the store keeps right, numbers, employers and roles, from the postings.
update posting set posting_no = nextval('posting_number'), posting_key = key_of(posting_id);
update spell set posting_key = key_of(posting_id);
update posting_district as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_street as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_facet as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_skill as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_place as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_location as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_metric as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_evidence as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;
update posting_text as t set posting_no = posting.posting_no from posting where posting.posting_id = t.posting_id;

insert into employer (employer_id, name)
select distinct employer_id, employer_id
from posting
anti join employer using (employer_id);

update employer
set employer_no = numbered.n
from (select employer_id, row_number() over (order by employer_id) as n from employer) as numbered
where numbered.employer_id = employer.employer_id;

insert into role by name
select
    row_number() over (order by posting_id) as role_no,
    coalesce(employer_no, -role_no) as cluster,
    *
from role_slow;

insert into role_district select role_no, posting_district.district, weight from role join posting_district using (posting_id);
insert into role_facet select role_no, facet, score from role join posting_facet using (posting_id);
insert into role_skill select role_no, skill, need from role join posting_skill using (posting_id);
insert into role_place select role_no, country, region, city from role join unique_place using (posting_id);
