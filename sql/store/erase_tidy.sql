-- What pointed at erased postings points at nothing, and what only they had goes.
delete from city.copy_set where set_id not in (select set_id from city.posting_sketch);
delete from city.role_district where role_no not in (select role_no from city.role);
delete from city.role_facet where role_no not in (select role_no from city.role);
delete from city.role_skill where role_no not in (select role_no from city.role);
delete from city.role_place where role_no not in (select role_no from city.role);

update city.posting set copied_from = null where copied_from in (select posting_id from erased);

delete from city.employer
where employer_id not in (select employer_id from city.posting);

update city.board set employer = null where employer in (select employer from erased_name);
