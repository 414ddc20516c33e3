-- name:   rare_mix
-- title:  Who looks for a rare mix: postings that mention all of a set of skills
-- doc:    share is that of the core postings in scope that mention every skill of the list; the
-- doc:    expected share is what it would be if each skill were mentioned independently of the
-- doc:    others, and lift their ratio. Intervals take employers as clusters. median_pay is
-- doc:    yearly, of the matching postings that state pay in the currency.
-- param:  skills text -- ids of skills with commas between, such as kubernetes,security
-- param:  by text in all|month|district|seniority|country = all -- what to group by
-- param:  currency text = USD -- ISO 4217, of median_pay
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: grp text, matching bigint, matching_employers bigint, share double, lower double, upper double
-- column: expected double, lift double, median_pay double, paid bigint, postings bigint, employers bigint
with wanted as (
    select distinct trim(lower(unnest(string_split($skills::text, ',')))) as skill
),
scope as (
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
            when 'seniority' then seniority
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
named as (
    select
        role_no,
        skill
    from role_skill
    where skill in (select skill from wanted)
      and role_no in (select role_no from scope)
),
matched as (
    select role_no
    from named
    group by role_no
    having count(distinct skill) = (select count(*) from wanted)
),
chance as (
    select
        grp,
        if(count(*) = (select count(*) from wanted), product(share), 0) as expected
    from (
        select
            grouped.grp,
            named.skill,
            count(*) / any_value(sizes.n) as share
        from grouped
        join named using (role_no)
        join (select grp, count(*) as n from grouped group by grp) as sizes on sizes.grp = grouped.grp
        group by grouped.grp, named.skill
    )
    group by grp
),
cluster_total as (
    select
        grouped.grp,
        scope.cluster,
        count(matched.role_no) as hits,
        count(*) as n
    from grouped
    join scope using (role_no)
    left join matched using (role_no)
    where grouped.grp is not null
    group by grouped.grp, scope.cluster
),
paid as (
    select
        grouped.grp,
        quantile_cont(scope.pay, 0.5) as median_pay,
        count(*) as paid
    from grouped
    join scope using (role_no)
    where role_no in (select role_no from matched)
      and scope.pay_currency = upper($currency::text)
      and scope.pay is not null
    group by grouped.grp
),
total as (
    select
        grp,
        sum(hits)::bigint as matching,
        count(*) filter (where hits > 0 and cluster > 0) as matching_employers,
        sum(n)::bigint as postings,
        count(*) filter (where cluster > 0) as employers,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by grp
)
select
    total.grp,
    matching,
    matching_employers,
    matching / postings as share,
    share_lower(matching, postings, deff) as lower,
    share_upper(matching, postings, deff) as upper,
    coalesce(expected, 0) as expected,
    matching / postings / nullif(expected, 0) as lift,
    median_pay,
    coalesce(paid, 0) as paid,
    postings,
    employers
from total
left join chance on chance.grp = total.grp
left join paid on paid.grp = total.grp
order by if($by::text = 'month', 0, postings) desc, total.grp;
