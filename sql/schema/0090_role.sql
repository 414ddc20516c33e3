-- The roles that trends count, kept beside the postings so that a trend reads a
-- few narrow columns: one row for each core role, joined by number instead of
-- name. The store keeps them right with every batch and sweep; role_slow says what
-- they must be. role_no tells roles apart and is not stable: a role whose text or
-- tags change gets a new one.
alter table employer add column employer_no integer;
update employer set employer_no = numbered.n
from (select employer_id, row_number() over (order by employer_id) as n from employer) as numbered
where numbered.employer_id = employer.employer_id;

create sequence role_number;

create table role (
    role_no         integer not null,
    posting_id      varchar not null,
    content_hash    varchar not null,
    taxonomy        varchar not null,
    employer_id     varchar,
    employer_no     integer,
    cluster         integer not null, -- what intervals take for independent: the employer, or the role alone
    board_id        varchar not null,
    source          varchar not null,
    new_on          date,
    month           date,
    district        varchar,
    street          varchar,
    seniority       varchar not null,
    workplace       varchar not null,
    employment_type varchar not null,
    technical       double not null,
    operational     double not null,
    hybrid          double not null,
    years           integer,
    language        varchar not null,
    pay_currency    varchar,
    pay             double,           -- the middle of the yearly range; null: none stated, or not believed
    copies          integer not null  -- postings that offer the same role, beside the one that stands for it
);

create table role_district (role_no integer not null, district varchar not null, weight double not null);
create table role_facet (role_no integer not null, facet varchar not null, score double not null);
create table role_skill (role_no integer not null, skill varchar not null, need varchar not null);
create table role_place (role_no integer not null, country varchar, region varchar, city varchar); -- of all copies

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
    (role_size.postings - 1)::integer as copies
from dated_posting
join role_size on role_size.canonical_id = dated_posting.posting_id
left join employer using (employer_id)
where standing = 'core';

insert into role by name
select
    nextval('role_number')::integer as role_no,
    coalesce(employer_no, -currval('role_number')::integer) as cluster,
    *
from role_slow;

insert into role_district select role_no, posting_district.district, weight from role join posting_district using (posting_id);
insert into role_facet select role_no, facet, score from role join posting_facet using (posting_id);
insert into role_skill select role_no, skill, need from role join posting_skill using (posting_id);
insert into role_place select role_no, country, region, city from role join unique_place using (posting_id);

-- The core roles that a trend is asked about. Every trend that takes one of these
-- parameters means the same by it. only_district and only_country: the role lives
-- in it, among others, or is open to an area, such as the EU, that holds the
-- country; only_street: its first street; first_month and last_month are both
-- included, and a role without a month is left out when one is given.
create macro in_scope(only_district := null, only_street := null, only_seniority := null, only_workplace := null,
    only_employment_type := null, only_country := null, only_employer := null, only_source := null,
    first_month := null, last_month := null) as table
select
    role_no,
    posting_id,
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
create macro membership(dimension) as table
select role_no, role_district.district as id, weight from role_district where dimension = 'district'
union all
select role_no, posting_street.street, weight from posting_street join role using (posting_id) where dimension = 'street'
union all
select role_no, skill, 1.0 from role_skill where dimension = 'skill'
union all
select distinct role_no, country, 1.0 from role_place where dimension = 'country' and country is not null
union all
select distinct role_no, city || coalesce(', ' || country, ''), 1.0 from role_place where dimension = 'city' and city is not null;
