-- name:   facet_share_by_month
-- title:  Share of postings that ask for a facet, by month
-- doc:    Among the new core postings of each month. A facet is present at a score of 0.5 and
-- doc:    over; 1 - share is the blind spot. The interval takes employers as clusters.
-- param:  facet text = null -- only this facet
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
-- column: month date, facet text, share double, lower double, upper double, missing_share double
-- column: mentions bigint, postings bigint, employers bigint, partial boolean
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        month
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
    where month is not null
),
cluster_size as (
    select
        month,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from scope
    group by month, cluster
),
month_size as (
    select
        month,
        sum(n)::bigint as postings,
        count(distinct employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_size
    group by month
),
cluster_total as (
    select
        month,
        facet,
        cluster,
        count(*) as hits
    from scope
    join role_facet using (role_no)
    where score >= 0.5
    group by month, facet, cluster
),
facet_total as (
    select
        month,
        facet,
        sum(hits)::bigint as hits,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join cluster_size using (month, cluster)
    group by month, facet
),
estimate as (
    select
        month_size.*,
        facet.facet,
        coalesce(hits, 0) as hits,
        design_effect(coalesce(hits, 0), postings, hits_hits, hits_n, n_n, clusters) as deff
    from month_size
    cross join facet
    left join facet_total on facet_total.month = month_size.month and facet_total.facet = facet.facet
    where $facet::text is null or facet.facet = $facet
)
select
    month,
    facet,
    hits / postings as share,
    share_lower(hits, postings, deff) as lower,
    share_upper(hits, postings, deff) as upper,
    1 - hits / postings as missing_share,
    hits as mentions,
    postings,
    employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from estimate
order by month, facet;
