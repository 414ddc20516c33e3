-- name:   hybrid_mix_by_district
-- title:  How each district, street or seniority mixes technical with operational skills
-- doc:    Means over the core postings; those that live in several districts count in each by
-- doc:    the weight of their membership. hybrid is 0 when all is on one side and 1 for an even
-- doc:    blend over many facets; hybrid_share is the share of postings at 0.5 and over, with
-- doc:    its interval (employers as clusters). technical and operational sum to 1. With by,
-- doc:    the column district holds the first street or the seniority.
-- param:  by text in district|street|seniority = district -- what each row is of
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
-- column: district text, technical double, technical_q1 double, technical_median double, technical_q3 double
-- column: operational double, hybrid double, hybrid_q1 double, hybrid_median double, hybrid_q3 double
-- column: hybrid_share double, lower double, upper double, facets double, postings bigint, employers bigint
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        street,
        seniority,
        technical,
        hybrid
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
),
facet_count as (
    select
        role_no,
        count(*) as facets
    from role_facet
    where score >= 0.5
    group by role_no
),
member as (
    select role_no, employer_no, cluster, technical, hybrid, role_district.district as key, weight
    from scope
    join role_district using (role_no)
    where $by::text = 'district'
      and ($district::text is null or role_district.district = $district)
    union all
    select
        role_no,
        employer_no,
        cluster,
        technical,
        hybrid,
        case $by::text when 'street' then street else seniority end,
        1.0
    from scope
    where $by::text <> 'district'
),
cluster_total as (
    select
        key,
        cluster,
        count(*) filter (where hybrid >= 0.5) as hits,
        count(*) as n
    from member
    group by key, cluster
),
spread as (
    select
        key,
        sum(hits) as hits,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by key
),
mix as (
    select
        key,
        sum(weight * technical) / sum(weight) as technical,
        quantile_cont(technical, [0.25, 0.5, 0.75]) as technical_quartiles,
        sum(weight * hybrid) / sum(weight) as hybrid,
        quantile_cont(hybrid, [0.25, 0.5, 0.75]) as hybrid_quartiles,
        sum(weight * coalesce(facets, 0)) / sum(weight) as facets,
        count(*) as postings,
        count(distinct employer_no) as employers
    from member
    left join facet_count using (role_no)
    where key is not null
    group by key
)
select
    key as district,
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
    facets,
    postings,
    employers
from mix
join spread using (key)
order by key;
