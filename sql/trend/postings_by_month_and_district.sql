-- name:   postings_by_month_and_district
-- title:  New postings by month and district
-- doc:    A posting that lives in several districts counts in each of them as a posting,
-- doc:    and once in all by weight: the weighted sums of a month add up to its total.
-- doc:    The share is the weighted sum among all new core postings of the month, with
-- doc:    employers as clusters. The trend demand has weeks, days and other dimensions.
-- param:  district text = null -- only this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- base:   total, total_employers
-- column: month date, district text, postings bigint, employers bigint, weighted double
-- column: share double, lower double, upper double
-- column: total bigint, total_employers bigint, partial boolean
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        month
    from in_scope(only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source,
        first_month := $from, last_month := $to)
    where month is not null
),
cluster_total as (
    select
        month,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from scope
    group by month, cluster
),
month_total as (
    select
        month,
        sum(n)::bigint as total,
        count(distinct employer_no) as total_employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_total
    group by month
),
hit as (
    select
        scope.month,
        role_district.district,
        scope.cluster,
        count(*) as postings,
        sum(role_district.weight) as weighted
    from scope
    join role_district using (role_no)
    where $district::text is null or role_district.district = $district
    group by scope.month, role_district.district, scope.cluster
),
district_total as (
    select
        month,
        district,
        sum(postings)::bigint as postings,
        count(cluster_total.employer_no) as employers,
        sum(weighted) as weighted,
        sum(weighted * weighted) as hits_hits,
        sum(weighted * n) as hits_n
    from hit
    join cluster_total using (month, cluster)
    group by month, district
),
spread as (
    select
        *,
        design_effect(weighted, total, hits_hits, hits_n, n_n, clusters) as deff
    from district_total
    join month_total using (month)
)
select
    month,
    district,
    postings,
    employers,
    weighted,
    weighted / total as share,
    share_lower(weighted, total, deff) as lower,
    share_upper(weighted, total, deff) as upper,
    total,
    total_employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from spread
order by month, district;
