-- name:   hiring_places
-- title:  Where roles are: postings by country, region or city
-- doc:    A role offered in several places counts in each. share is that of the core postings
-- doc:    that name any place; a role that is open to an area, such as the EU, is in the row of
-- doc:    the area. Intervals take employers as clusters.
-- param:  level text in country|region|city = country -- how finely
-- param:  skill text = null -- only postings that mention this skill
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..1000 = 50 -- at most so many places, the largest
-- base:   total, total_employers
-- column: country text, region text, city text, postings bigint, employers bigint, share double, lower double, upper double
-- column: remote_share double, total bigint, total_employers bigint
with scope as (
    select *
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    )
    where $skill::text is null
       or role_no in (select role_no from role_skill where skill = lower($skill::text))
),
placed as (
    select distinct
        role_no,
        role_place.country,
        if($level::text <> 'country' or role_place.country is null, role_place.region, null) as region,
        if($level::text = 'city', role_place.city, null) as city
    from role_place
    where role_no in (select role_no from scope)
      and ($level::text <> 'city' or role_place.city is not null)
      and ($level::text <> 'region' or role_place.region is not null)
      and coalesce(role_place.country, role_place.region) is not null
),
size as (
    select
        cluster,
        count(*) as n
    from scope
    where role_no in (select role_no from placed)
    group by cluster
),
everything as (
    select
        sum(n)::bigint as total,
        sum(n * n) as n_n,
        count(*) as clusters,
        count(*) filter (where cluster > 0) as total_employers
    from size
),
cluster_total as (
    select
        placed.country,
        placed.region,
        placed.city,
        scope.cluster,
        count(*) as hits,
        count(*) filter (where scope.workplace = 'remote') as remote
    from placed
    join scope using (role_no)
    group by placed.country, placed.region, placed.city, scope.cluster
),
total_by_place as (
    select
        country,
        region,
        city,
        sum(hits)::bigint as postings,
        count(*) filter (where cluster > 0) as employers,
        sum(remote) / sum(hits) as remote_share,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join size using (cluster)
    group by country, region, city
    order by postings desc, country, region, city
    limit $top::bigint
),
spread as (
    select
        *,
        design_effect(postings, total, hits_hits, hits_n, n_n, clusters) as deff
    from total_by_place
    cross join everything
)
select
    country,
    region,
    city,
    postings,
    employers,
    postings / total as share,
    share_lower(postings, total, deff) as lower,
    share_upper(postings, total, deff) as upper,
    remote_share,
    total,
    total_employers
from spread
order by postings desc, country, region, city;
