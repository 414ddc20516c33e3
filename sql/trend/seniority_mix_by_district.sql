-- name:   seniority_mix_by_district
-- title:  Seniority that each district asks for
-- doc:    Among the core postings that live in the district; unspecified is its own row, so the
-- doc:    shares of a district add up to 1. lower and upper take employers as clusters.
-- param:  district text = null -- only this district
-- param:  street text = null -- only postings of this street
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: district text, seniority text, matching bigint, share double, lower double, upper double
-- column: hybrid double, postings bigint, employers bigint
with member as (
    select
        role_district.district,
        seniority,
        hybrid,
        employer_no,
        cluster
    from in_scope(only_street := $street, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to) as scope
    join role_district using (role_no)
    where $district::text is null or role_district.district = $district
),
hit as (
    select
        district,
        seniority,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as hits,
        sum(hybrid) as hybrid
    from member
    group by district, seniority, cluster
),
cluster_total as (
    select
        district,
        cluster,
        any_value(employer_no) as employer_no,
        sum(hits) as n
    from hit
    group by district, cluster
),
district_total as (
    select
        district,
        sum(n)::bigint as postings,
        count(distinct employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_total
    group by district
),
level_total as (
    select
        district,
        seniority,
        sum(hits)::bigint as matching,
        sum(hit.hybrid) / sum(hits) as hybrid,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from hit
    join cluster_total using (district, cluster)
    group by district, seniority
),
spread as (
    select
        *,
        design_effect(matching, postings, hits_hits, hits_n, n_n, clusters) as deff
    from level_total
    join district_total using (district)
)
select
    district,
    seniority,
    matching,
    matching / postings as share,
    share_lower(matching, postings, deff) as lower,
    share_upper(matching, postings, deff) as upper,
    hybrid,
    postings,
    employers
from spread
order by district, list_position(['intern', 'junior', 'mid', 'senior', 'lead', 'manager', 'executive', 'unspecified'], seniority);
