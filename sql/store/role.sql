-- Keeps the roles right after the components of copies in member have changed, or
-- their spells.

-- Roles that another posting stands for now, and those of postings whose content or
-- tags are others.
create or replace temp table role_gone as
select role_no
from city.role
where posting_no in (
    select posting_no from member where head_no <> posting_no
    union all
    select no_before from arrived where no_before is not null
);

delete from city.role where role_no in (from role_gone);
delete from city.role_district where role_no in (from role_gone);
delete from city.role_facet where role_no in (from role_gone);
delete from city.role_skill where role_no in (from role_gone);
delete from city.role_place where role_no in (from role_gone);

update city.role
set new_on = member.new_on, month = date_trunc('month', member.new_on)
from member
where role.posting_no = member.posting_no
  and role.new_on is distinct from member.new_on;

-- Core postings that stand for a role and have none.
create or replace temp table role_new as
select
    nextval('city.role_number')::integer as role_no,
    member.posting_no,
    member.new_on,
    arrived.posting_no is not null as fresh
from member
anti join city.role using (posting_no)
left join arrived on arrived.posting_no = member.posting_no
where member.posting_no = member.head_no
  and member.standing = 'core';

-- Those that were there before, under another posting of the same group.
insert into city.role by name
select
    added.role_no,
    posting.posting_id,
    posting.posting_no,
    posting.content_hash,
    posting.taxonomy,
    employer.employer_id,
    employer.employer_no,
    coalesce(employer.employer_no, -added.role_no) as cluster,
    posting.board_id,
    posting.source,
    added.new_on,
    date_trunc('month', added.new_on)::date as month,
    posting.district,
    posting.street,
    posting.seniority,
    posting.workplace,
    posting.employment_type,
    posting.technical,
    posting.operational,
    posting.hybrid,
    posting.years,
    posting.language,
    posting.pay_currency,
    case
        when posting.pay_flag is null
        then (coalesce(posting.pay_annual_min, posting.pay_annual_max) + coalesce(posting.pay_annual_max, posting.pay_annual_min)) / 2
    end as pay,
    0 as copies
from city.posting
join (select * from role_new where not fresh) as added using (posting_no)
left join city.employer on employer.employer_id = posting.employer_id and employer.employer_id <> '';

insert into city.role_district
select role_no, district, weight from city.posting_district join (select role_no, posting_no from role_new where not fresh) as added using (posting_no);
insert into city.role_facet
select role_no, facet, score from city.posting_facet join (select role_no, posting_no from role_new where not fresh) as added using (posting_no);
insert into city.role_skill
select role_no, skill, need from city.posting_skill join (select role_no, posting_no from role_new where not fresh) as added using (posting_no);
