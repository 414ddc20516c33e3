-- name:   pay_by_month
-- title:  Yearly pay by month: quartiles and disclosure
-- doc:    Among the new core postings of each month that state believable pay in the one
-- doc:    currency asked for. Who states pay changes over time, with laws for one, and so does
-- doc:    what is hired: a median that moves is not yet a raise. Compare within a street and a
-- doc:    seniority, and look at disclosure. Bounds as in pay_by.
-- param:  currency text = USD -- ISO 4217; pay in other currencies is never converted
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: month date, currency text, q1 double, median double, q3 double
-- column: median_lower double, median_upper double, disclosure double
-- column: in_month bigint, postings bigint, employers bigint, partial boolean
with member as (
    select
        month as grp,
        cluster,
        employer_no,
        pay is not null as stated,
        case when pay_currency = upper($currency::text) then pay end as pay
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    )
    where month is not null
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
        count(*) as in_month,
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
    grp as month,
    upper($currency::text) as currency,
    q1,
    median,
    q3,
    sorted[greatest(1, floor(postings * (0.5 - 1.959964 * sqrt(0.25 * deff / postings)))::bigint)] as median_lower,
    sorted[least(postings, 1 + floor(postings * (0.5 + 1.959964 * sqrt(0.25 * deff / postings)))::bigint)] as median_upper,
    disclosure,
    in_month,
    postings,
    employers,
    grp = (select date_trunc('month', max(seen_at)) from posting) as partial
from total
left join spread using (grp)
order by month;
