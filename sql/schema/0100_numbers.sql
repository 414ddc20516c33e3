-- Numbers to join and to look up by, beside the ids. posting_no counts postings in the
-- order in which they come, so that the rows of one lie together and are found without
-- reading the rest; it is not stable: a posting whose content or tags change gets a new
-- one. posting_key is a number made of the id, for what may be known before the posting.
create macro key_of(posting_id) as md5_number_lower(posting_id);

create sequence posting_number;

drop view role_slow;
drop view dated_copy;
drop view dated_posting;
drop view open_posting;
drop view unique_place;
drop view unique_posting;

alter table posting add column posting_no integer;
alter table posting add column posting_key ubigint;
update posting set posting_no = nextval('posting_number'), posting_key = key_of(posting_id);

alter table spell add column posting_key ubigint;
update spell set posting_key = key_of(posting_id);

alter table posting_sketch add column posting_no integer;
update posting_sketch
set posting_no = posting.posting_no
from posting
where posting.posting_id = posting_sketch.posting_id;

alter table role add column posting_no integer;
update role
set posting_no = posting.posting_no
from posting
where posting.posting_id = role.posting_id;

alter table posting_district rename to posting_district_before_numbers;
create table posting_district (posting_id varchar not null, district varchar not null, weight double not null, posting_no integer);
insert into posting_district
select old.posting_id, old.district, old.weight, posting.posting_no
from posting_district_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_district_before_numbers;

alter table posting_street rename to posting_street_before_numbers;
create table posting_street (posting_id varchar not null, street varchar not null, weight double not null, posting_no integer);
insert into posting_street
select old.posting_id, old.street, old.weight, posting.posting_no
from posting_street_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_street_before_numbers;

alter table posting_facet rename to posting_facet_before_numbers;
create table posting_facet (posting_id varchar not null, facet varchar not null, score double not null, posting_no integer);
insert into posting_facet
select old.posting_id, old.facet, old.score, posting.posting_no
from posting_facet_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_facet_before_numbers;

alter table posting_skill rename to posting_skill_before_numbers;
create table posting_skill (posting_id varchar not null, skill varchar not null, need varchar not null, posting_no integer);
insert into posting_skill
select old.posting_id, old.skill, old.need, posting.posting_no
from posting_skill_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_skill_before_numbers;

alter table posting_place rename to posting_place_before_numbers;
create table posting_place (posting_id varchar not null, country varchar, region varchar, city varchar, posting_no integer);
insert into posting_place
select old.posting_id, old.country, old.region, old.city, posting.posting_no
from posting_place_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_place_before_numbers;

alter table posting_location rename to posting_location_before_numbers;
create table posting_location (posting_id varchar not null, location varchar not null, posting_no integer);
insert into posting_location
select old.posting_id, old.location, posting.posting_no
from posting_location_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_location_before_numbers;

alter table posting_metric rename to posting_metric_before_numbers;
create table posting_metric (posting_id varchar not null, metric varchar not null, posting_no integer);
insert into posting_metric
select old.posting_id, old.metric, posting.posting_no
from posting_metric_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_metric_before_numbers;

alter table posting_evidence rename to posting_evidence_before_numbers;
create table posting_evidence (
    posting_id varchar not null, tag varchar not null, rule varchar not null, start_byte integer not null, end_byte integer not null,
    words varchar not null, section varchar not null, weight double, posting_no integer
);
insert into posting_evidence
select old.posting_id, old.tag, old.rule, old.start_byte, old.end_byte, old.words, old.section, old.weight, posting.posting_no
from posting_evidence_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_evidence_before_numbers;

alter table posting_text rename to posting_text_before_numbers;
create table posting_text (posting_id varchar not null, text varchar using compression zstd, posting_no integer);
insert into posting_text
select old.posting_id, old.text, posting.posting_no
from posting_text_before_numbers as old
join posting using (posting_id)
order by posting.posting_no;
drop table posting_text_before_numbers;

-- One row for each role: copies and reposts of it count once.
create view unique_posting as
select *
from posting
where posting_id = canonical_id;

-- What is open now, with the spell it is open in.
create view open_posting as
select
    posting.*,
    spell.opened_at,
    spell.left_truncated,
    greatest(spell.last_listed_at, board.last_complete_at) as last_listed_at
from posting
join spell using (posting_key)
left join board on board.board_id = spell.board_id
where spell.closed_at is null;

-- The places of a role: those of all its copies.
create view unique_place as
select distinct
    posting.canonical_id as posting_id,
    country,
    region,
    city
from posting_place
join posting using (posting_no);

-- unique_posting with the day and the month a role counts as new in: the day its
-- source states, else the day its first spell opened. Both are null when the
-- source states no believable day and the posting was open before we first
-- looked: such a posting is stock, and never new. An employer that the source does
-- not name is null, so that such postings do not count as one employer's.
create view dated_posting as
with first_spell as (
    select
        posting_key,
        min(opened_at)::date as opened_on,
        arg_min(left_truncated, opened_at) as left_truncated
    from spell
    group by posting_key
),
dated as (
    select
        unique_posting.* replace (nullif(employer_id, '') as employer_id),
        case
            when posted_on between date '1990-01-01' and seen_at::date + 1 then posted_on
            when not first_spell.left_truncated then first_spell.opened_on
        end as new_on
    from unique_posting
    left join first_spell using (posting_key)
)
select
    *,
    date_trunc('month', new_on)::date as month
from dated;

-- Every posting, copies too, with the day it counts as new on, by the rule of
-- dated_posting.
create view dated_copy as
with first_spell as (
    select
        posting_key,
        min(opened_at)::date as opened_on,
        arg_min(left_truncated, opened_at) as left_truncated
    from spell
    group by posting_key
)
select
    posting.* replace (nullif(employer_id, '') as employer_id),
    case
        when posted_on between date '1990-01-01' and seen_at::date + 1 then posted_on
        when not first_spell.left_truncated then first_spell.opened_on
    end as new_on
from posting
left join first_spell using (posting_key);

-- What role holds, without the numbers, worked out from the postings.
create view role_slow as
select
    posting_id,
    content_hash,
    taxonomy,
    employer_id,
    employer_no,
    board_id,
    source,
    new_on,
    month,
    district,
    street,
    seniority,
    workplace,
    employment_type,
    technical,
    operational,
    hybrid,
    years,
    language,
    pay_currency,
    case when pay_flag is null then (coalesce(pay_annual_min, pay_annual_max) + coalesce(pay_annual_max, pay_annual_min)) / 2 end as pay,
    (role_size.postings - 1)::integer as copies,
    posting_no
from dated_posting
join role_size on role_size.canonical_id = dated_posting.posting_id
left join employer using (employer_id)
where standing = 'core';

-- The core roles that a trend is asked about. Every trend that takes one of these
-- parameters means the same by it. only_district and only_country: the role lives
-- in it, among others, or is open to an area, such as the EU, that holds the
-- country; only_street: its first street; first_month and last_month are both
-- included, and a role without a month is left out when one is given.
create or replace macro in_scope(only_district := null, only_street := null, only_seniority := null, only_workplace := null,
    only_employment_type := null, only_country := null, only_employer := null, only_source := null,
    first_month := null, last_month := null) as table
select
    role_no,
    posting_id,
    posting_no,
    employer_id,
    employer_no,
    cluster,
    board_id,
    source,
    new_on,
    month,
    district,
    street,
    seniority,
    workplace,
    employment_type,
    technical,
    operational,
    hybrid,
    years,
    language,
    pay_currency,
    pay,
    copies
from role
where (only_street::text is null or street = only_street)
  and (only_seniority::text is null or seniority = only_seniority)
  and (only_workplace::text is null or workplace = only_workplace)
  and (only_employment_type::text is null or employment_type = only_employment_type)
  and (only_employer::text is null or employer_id = only_employer)
  and (only_source::text is null or source = only_source)
  and (first_month::date is null or month >= date_trunc('month', first_month::date))
  and (last_month::date is null or month <= last_month::date)
  and (only_district::text is null or role_no in (select d.role_no from role_district as d where d.district = only_district))
  and (
      only_country::text is null
      or role_no in (
          select p.role_no
          from role_place as p
          where p.country = only_country
             or (p.country is null and p.region in (select a.area from area as a where a.country = only_country))
      )
  );

-- The ids that roles belong to, in a dimension of which a role may have several. The
-- weights of a role sum to 1 over districts and over streets; elsewhere each is 1.
create or replace macro membership(dimension) as table
select role_no, role_district.district as id, weight from role_district where dimension = 'district'
union all
select role_no, posting_street.street, weight from posting_street join role using (posting_no) where dimension = 'street'
union all
select role_no, skill, 1.0 from role_skill where dimension = 'skill'
union all
select distinct role_no, country, 1.0 from role_place where dimension = 'country' and country is not null
union all
select distinct role_no, city || coalesce(', ' || country, ''), 1.0 from role_place where dimension = 'city' and city is not null;
