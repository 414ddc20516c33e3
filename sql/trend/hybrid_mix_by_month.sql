-- name:   hybrid_mix_by_month
-- title:  How roles mix technical with operational skills, by month
-- doc:    Among the new core postings of each month, of all or by district, first street or
-- doc:    seniority. hybrid is 0 when all is on one side and 1 for an even blend over many
-- doc:    facets; hybrid_share is the share of postings at 0.5 and over, with its interval
-- doc:    (employers as clusters). technical and operational sum to 1, so the quartiles of one
-- doc:    are 1 less those of the other.
-- param:  by text in all|district|street|seniority = all -- what each series is of
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..10000 = 1000 -- at most so many rows
-- column: month date, key text, technical double, technical_q1 double, technical_median double, technical_q3 double
-- column: operational double, hybrid double, hybrid_q1 double, hybrid_median double, hybrid_q3 double
-- column: hybrid_share double, lower double, upper double, postings bigint, employers bigint, partial boolean
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        month,
        street,
        seniority,
        technical,
        hybrid
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
    where month is not null
),
member as (
    select employer_no, cluster, month, technical, hybrid, role_district.district as key
    from scope
    join role_district using (role_no)
    where $by::text = 'district'
      and ($district::text is null or role_district.district = $district)
    union all
    select
        employer_no,
        cluster,
        month,
        technical,
        hybrid,
        case $by::text when 'all' then 'all' when 'street' then street else seniority end
    from scope
    where $by::text <> 'district'
),
cluster_total as (
    select
        month,
        key,
        cluster,
        count(*) filter (where hybrid >= 0.5) as hits,
        count(*) as n
    from member
    group by month, key, cluster
),
spread as (
    select
        month,
        key,
        sum(hits) as hits,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by month, key
),
mix as (
    select
        month,
        key,
        avg(technical) as technical,
        quantile_cont(technical, [0.25, 0.5, 0.75]) as technical_quartiles,
        avg(hybrid) as hybrid,
        quantile_cont(hybrid, [0.25, 0.5, 0.75]) as hybrid_quartiles,
        count(*) as postings,
        count(distinct employer_no) as employers
    from member
    where key is not null
    group by month, key
)
select
    month,
    key,
    technical,
    technical_quartiles[1] as technical_q1,
    technical_quartiles[2] as technical_median,
    technical_quartiles[3] as technical_q3,
    1 - technical as operational,
    hybrid,
    hybrid_quartiles[1] as hybrid_q1,
    hybrid_quartiles[2] as hybrid_median,
    hybrid_quartiles[3] as hybrid_q3,
    hits / postings as hybrid_share,
    share_lower(hits, postings, deff) as lower,
    share_upper(hits, postings, deff) as upper,
    postings,
    employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from mix
join spread using (month, key)
order by month, key
limit $top::bigint;
