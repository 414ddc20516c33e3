-- Takes out the roles of postings whose content or tags are others now.
create or replace temp table role_gone as
select role_no
from city.role
where posting_no in (select no_before from arrived where no_before is not null);

delete from city.role where role_no in (from role_gone);
delete from city.role_district where role_no in (from role_gone);
delete from city.role_facet where role_no in (from role_gone);
delete from city.role_skill where role_no in (from role_gone);
delete from city.role_place where role_no in (from role_gone);
