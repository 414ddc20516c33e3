-- name:   facet_share_by_district
-- title:  What a district asks for and what it forgets: share of postings by facet
-- doc:    Among the core postings that live in the district. A facet is present at a score of
-- doc:    0.5 and over; missing_share is the blind spot, 1 - share (blind_spots has it by street,
-- doc:    seniority and country, too). The interval takes employers as clusters; score is the mean.
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
-- column: district text, facet text, mentions bigint, share double, lower double, upper double
-- column: missing_share double, score double, postings bigint, employers bigint
with member as (
    select
        scope.role_no,
        scope.employer_no,
        scope.cluster,
        role_district.district
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to) as scope
    join role_district using (role_no)
    where $district::text is null or role_district.district = $district
),
cluster_size as (
    select
        district,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from member
    group by district, cluster
),
district_total as (
    select
        district,
        sum(n)::bigint as postings,
        count(employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_size
    group by district
),
cluster_total as (
    select
        district,
        facet,
        cluster,
        count(*) filter (where score >= 0.5) as hits,
        sum(score) as score
    from member
    join role_facet using (role_no)
    group by district, facet, cluster
),
facet_total as (
    select
        district,
        facet,
        sum(hits)::bigint as mentions,
        sum(score) as score,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join cluster_size using (district, cluster)
    group by district, facet
),
estimate as (
    select
        district_total.*,
        facet.facet,
        coalesce(mentions, 0) as mentions,
        coalesce(score, 0) as score,
        design_effect(coalesce(mentions, 0), postings, hits_hits, hits_n, n_n, clusters) as deff
    from district_total
    cross join facet
    left join facet_total on facet_total.district = district_total.district and facet_total.facet = facet.facet
    where $facet::text is null or facet.facet = $facet
)
select
    district,
    facet,
    mentions,
    mentions / postings as share,
    share_lower(mentions, postings, deff) as lower,
    share_upper(mentions, postings, deff) as upper,
    1 - mentions / postings as missing_share,
    score / postings as score,
    postings,
    employers
from estimate
order by district, share desc, facet;
