-- The copies of a role, and its places, which are those of all of them.
create or replace temp table role_moved as
select
    role.role_no,
    member.posting_no
from city.role
join member on member.head_no = role.posting_no;

update city.role
set copies = counted.copies
from (select role_no, count(*) - 1 as copies from role_moved group by role_no) as counted
where role.role_no = counted.role_no
  and role.copies <> counted.copies;

delete from city.role_place where role_no in (select role_no from role_moved);
insert into city.role_place
select distinct role_no, country, region, city from city.posting_place join role_moved using (posting_no);
