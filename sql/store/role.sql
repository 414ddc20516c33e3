-- Keeps the roles right after the postings of touched_posting, their groups of
-- copies or their spells have changed.

-- What the touched postings are as roles now.
create or replace temp table role_wanted as
with first_spell as (
    select
        posting_id,
        min(opened_at)::date as opened_on,
        arg_min(left_truncated, opened_at) as left_truncated
    from city.spell
    semi join touched_posting using (posting_id)
    group by posting_id
)
select
    posting.posting_id,
    posting.content_hash,
    posting.taxonomy,
    employer.employer_id,
    employer.employer_no,
    posting.board_id,
    posting.source,
    case
        when posting.posted_on between date '1990-01-01' and posting.seen_at::date + 1 then posting.posted_on
        when not first_spell.left_truncated then first_spell.opened_on
    end as new_on,
    date_trunc('month', new_on)::date as month,
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
    touched_posting.fresh
from city.posting
join touched_posting using (posting_id)
left join first_spell using (posting_id)
left join city.employer on employer.employer_id = posting.employer_id and employer.employer_id <> ''
where posting.posting_id = posting.canonical_id
  and posting.standing = 'core';

-- Roles that are none any more, or whose content or tags are others now.
create or replace temp table role_gone as
select role.role_no
from city.role
semi join touched_posting using (posting_id)
left join role_wanted as wanted using (posting_id)
where wanted.posting_id is null
   or wanted.content_hash <> role.content_hash
   or wanted.taxonomy <> role.taxonomy;

delete from city.role where role_no in (from role_gone);
delete from city.role_district where role_no in (from role_gone);
delete from city.role_facet where role_no in (from role_gone);
delete from city.role_skill where role_no in (from role_gone);
delete from city.role_place where role_no in (from role_gone);

update city.role
set new_on = wanted.new_on, month = wanted.month
from role_wanted as wanted
where role.posting_id = wanted.posting_id
  and role.new_on is distinct from wanted.new_on;

create or replace temp table role_new as
select
    nextval('city.role_number')::integer as role_no,
    wanted.*
from role_wanted as wanted
anti join city.role using (posting_id);

insert into city.role by name
select * exclude (fresh), coalesce(employer_no, -role_no) as cluster, 0 as copies
from role_new
order by month, posting_id;

-- Roles that were there under another posting of the same group.
insert into city.role_district
select role_no, district, weight from city.posting_district join (select role_no, posting_id from role_new where not fresh) as added using (posting_id);
insert into city.role_facet
select role_no, facet, score from city.posting_facet join (select role_no, posting_id from role_new where not fresh) as added using (posting_id);
insert into city.role_skill
select role_no, skill, need from city.posting_skill join (select role_no, posting_id from role_new where not fresh) as added using (posting_id);

-- The copies of a role, and its places, which are those of all of them.
create or replace temp table role_moved as
select
    role.role_no,
    posting.posting_id
from city.role
join touched_posting using (posting_id)
join city.posting on posting.canonical_id = role.posting_id;

update city.role
set copies = counted.copies
from (select role_no, count(*) - 1 as copies from role_moved group by role_no) as counted
where role.role_no = counted.role_no
  and role.copies <> counted.copies;

delete from city.role_place where role_no in (select role_no from role_moved);
insert into city.role_place
select distinct role_no, country, region, city from city.posting_place join role_moved using (posting_id);
