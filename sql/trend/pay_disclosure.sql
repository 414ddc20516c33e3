-- name:   pay_disclosure
-- title:  How many postings state their pay
-- doc:    Share of core postings that state believable pay in any currency, by month, country,
-- doc:    street, seniority, source or employer. Intervals take employers as clusters.
-- param:  by text in all|month|country|district|street|seniority|source|employer = month -- what to group by
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..1000 = 100 -- at most so many groups, the largest; months are all shown
-- column: grp text, share double, lower double, upper double, stating bigint, postings bigint, employers bigint
with scope as (
    select *
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    )
),
grouped as (
    select
        case $by::text
            when 'month' then strftime(month, '%Y-%m-%d')
            when 'street' then street
            when 'seniority' then seniority
            when 'source' then source
            when 'employer' then employer_id
            else 'all'
        end as grp,
        role_no
    from scope
    where $by::text not in ('district', 'country')
    union all
    select
        role_district.district,
        role_no
    from scope
    join role_district using (role_no)
    where $by::text = 'district'
    union
    select
        role_place.country,
        role_no
    from scope
    join role_place using (role_no)
    where $by::text = 'country'
),
cluster_total as (
    select
        grouped.grp,
        scope.cluster,
        count(scope.pay) as hits,
        count(*) as n
    from grouped
    join scope using (role_no)
    where grouped.grp is not null
    group by grouped.grp, scope.cluster
),
total as (
    select
        grp,
        sum(hits)::bigint as stating,
        sum(n)::bigint as postings,
        count(*) filter (where cluster > 0) as employers,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by grp
    qualify $by::text = 'month' or row_number() over (order by postings desc, grp) <= $top::bigint
)
select
    grp,
    stating / postings as share,
    share_lower(stating, postings, deff) as lower,
    share_upper(stating, postings, deff) as upper,
    stating,
    postings,
    employers
from total
order by if($by::text = 'month', 0, postings) desc, grp;
