-- name:   blind_spots
-- title:  Blind spots: what postings do not mention
-- doc:    The share of the core postings whose score in a facet is below 0.5: they mention no
-- doc:    security, no monitoring, no collaboration … worth the name. Not mentioned is not the
-- doc:    same as not needed, and not done. A posting counts in each of its districts and
-- doc:    countries. A facet that a district is made of by definition, as security is of the
-- doc:    security district and its streets, cannot be missed there and is left out. The interval
-- doc:    takes employers as clusters.
-- param:  by text in district|street|seniority|country|workplace = district -- what each row is of
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
-- param:  top bigint in 1..1000 = 400 -- at most so many rows
-- column: key text, name text, facet text, facet_name text, missing_share double, lower double, upper double
-- column: missing bigint, postings bigint, employers bigint
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        street,
        seniority,
        workplace
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
),
member as (
    select role_no, employer_no, cluster, role_district.district as key
    from scope
    join role_district using (role_no)
    where $by::text = 'district'
      and ($district::text is null or role_district.district = $district)
    union all
    select distinct role_no, employer_no, cluster, role_place.country
    from scope
    join role_place using (role_no)
    where $by::text = 'country'
      and ($country::text is null or role_place.country = $country)
    union all
    select
        role_no,
        employer_no,
        cluster,
        case $by::text when 'street' then street when 'seniority' then seniority else workplace end
    from scope
    where $by::text in ('street', 'seniority', 'workplace')
),
cluster_size as (
    select
        key,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from member
    where key is not null
    group by key, cluster
),
key_total as (
    select
        key,
        sum(n)::bigint as postings,
        count(distinct employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_size
    group by key
),
cluster_total as (
    select
        key,
        cluster,
        facet,
        count(*) as hits
    from member
    join role_facet using (role_no)
    where score >= 0.5
    group by key, cluster, facet
),
facet_total as (
    select
        key,
        facet,
        sum(hits)::bigint as hits,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join cluster_size using (key, cluster)
    group by key, facet
),
estimate as (
    select
        key_total.*,
        facet.facet,
        facet.name as facet_name,
        coalesce(hits, 0) as hits,
        design_effect(coalesce(hits, 0), postings, hits_hits, hits_n, n_n, clusters) as deff
    from key_total
    cross join facet
    left join facet_total on facet_total.key = key_total.key and facet_total.facet = facet.facet
    where ($facet::text is null or facet.facet = $facet)
      and facet.facet is distinct from $district::text
      and facet.facet is distinct from split_part($street::text, '/', 1)
      and not ($by::text in ('district', 'street') and facet.facet = split_part(key_total.key, '/', 1))
)
select
    key,
    coalesce(district.name, street.name, key) as name,
    facet,
    facet_name,
    (postings - hits) / postings as missing_share,
    share_lower(postings - hits, postings, deff) as lower,
    share_upper(postings - hits, postings, deff) as upper,
    postings - hits as missing,
    postings,
    employers
from estimate
left join district on district.district = key and $by = 'district'
left join street on street.street = key and $by = 'street'
order by postings desc, key, missing_share desc, facet
limit $top::bigint;
