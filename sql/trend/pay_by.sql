-- name:   pay_by
-- title:  Yearly pay: quartiles and disclosure by street, place, seniority …
-- doc:    Among core postings that state believable pay in the one currency asked for; monthly,
-- doc:    weekly, daily and hourly pay is annualised by the rule kept with each posting, and
-- doc:    the pay of a posting is the middle of its range. median_lower and median_upper bound
-- doc:    the median with 95 % by order statistics (Woodruff 1952), for employers as clusters.
-- doc:    disclosure is the share of the group's postings that state any pay. A posting in two
-- doc:    districts or countries counts in both.
-- param:  by text in all|district|street|seniority|workplace|country|employment_type = street -- what to group by
-- param:  currency text = USD -- ISO 4217; pay in other currencies is never converted
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: grp text, currency text, q1 double, median double, q3 double
-- column: median_lower double, median_upper double, disclosure double
-- column: in_group bigint, postings bigint, employers bigint
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
            when 'street' then street
            when 'seniority' then seniority
            when 'workplace' then workplace
            when 'employment_type' then employment_type
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
member as (
    select
        grouped.grp,
        scope.cluster,
        scope.employer_no,
        scope.pay is not null as stated,
        case when scope.pay_currency = upper($currency::text) then scope.pay end as pay
    from grouped
    join scope using (role_no)
    where grouped.grp is not null
),
paid as (
    select *
    from member
    where pay is not null
),
middle as (
    select
        grp,
        quantile_cont(pay, 0.5) as median
    from paid
    group by grp
),
spread as (
    select
        grp,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from (
        select
            paid.grp,
            paid.cluster,
            count(*) filter (where pay <= median) as hits,
            count(*) as n
        from paid
        join middle on middle.grp is not distinct from paid.grp
        group by paid.grp, paid.cluster
    )
    group by grp
),
total as (
    select
        grp,
        count(*) as in_group,
        count(pay) as postings,
        count(distinct employer_no) filter (where pay is not null) as employers,
        count(*) filter (where stated) / count(*) as disclosure,
        quantile_cont(pay, 0.25) as q1,
        quantile_cont(pay, 0.5) as median,
        quantile_cont(pay, 0.75) as q3,
        list(pay order by pay) filter (where pay is not null) as sorted
    from member
    group by grp
)
select
    grp,
    upper($currency::text) as currency,
    q1,
    median,
    q3,
    sorted[greatest(1, floor(postings * (0.5 - 1.959964 * sqrt(0.25 * deff / postings)))::bigint)] as median_lower,
    sorted[least(postings, 1 + floor(postings * (0.5 + 1.959964 * sqrt(0.25 * deff / postings)))::bigint)] as median_upper,
    disclosure,
    in_group,
    postings,
    employers
from total
left join spread using (grp)
order by postings desc, in_group desc, grp;
