-- name:   pay_by_month
-- title:  Yearly pay by month: quartiles and disclosure
-- doc:    Among the new core postings of each month that state believable pay in the one
-- doc:    currency asked for. Who states pay changes over time, with laws for one, and so does
-- doc:    what is hired: a median that moves is not yet a raise. Compare within a street and a
-- doc:    seniority, and look at disclosure. Bounds as in pay_by,
-- doc:    and so are convert_to, converted and not_converted.
-- param:  currency text = USD -- ISO 4217; pay in other currencies is left out
-- param:  convert_to text = null -- instead, pay in all currencies, converted to this one
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: month date, currency text, q1 double, median double, q3 double
-- column: median_lower double, median_upper double, q1_lower double, q1_upper double, q3_lower double, q3_upper double
-- column: disclosure double, converted bigint, not_converted bigint
-- column: in_month bigint, postings bigint, employers bigint, partial boolean
with member as (
    select
        scope.month as grp,
        cluster,
        employer_no,
        pay is not null as stated,
        case when pay_currency = coalesce(upper($convert_to::text), upper($currency::text)) then pay else pay * factor end as pay,
        pay is not null and pay_currency <> upper($convert_to::text) as elsewhere
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    ) as scope
    left join rates_to(upper($convert_to::text)) as rates on rates.month = scope.month and rates.currency = scope.pay_currency
    where scope.month is not null
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
        list(pay order by pay) filter (where pay is not null) as sorted,
        count(*) filter (where elsewhere and pay is not null) as converted,
        count(*) filter (where elsewhere and pay is null) as not_converted
    from member
    group by grp
),
-- how the shares up to each quartile differ between clusters
spread as (
    select
        grp,
        design_effect(sum(to_q1), sum(n), sum(to_q1 * to_q1), sum(to_q1 * n), sum(n * n), count(*)) as q1_deff,
        design_effect(sum(to_median), sum(n), sum(to_median * to_median), sum(to_median * n), sum(n * n), count(*)) as median_deff,
        design_effect(sum(to_q3), sum(n), sum(to_q3 * to_q3), sum(to_q3 * n), sum(n * n), count(*)) as q3_deff
    from (
        select
            member.grp,
            member.cluster,
            count(*) filter (where pay <= q1) as to_q1,
            count(*) filter (where pay <= median) as to_median,
            count(*) filter (where pay <= q3) as to_q3,
            count(*) as n
        from member
        join total on total.grp = member.grp
        where pay is not null
        group by member.grp, member.cluster
    )
    group by grp
)
select
    grp as month,
    coalesce(upper($convert_to::text), upper($currency::text)) as currency,
    q1,
    median,
    q3,
    sorted[greatest(1, floor(0.5 * postings - 1.959964 * sqrt(0.25 * median_deff * postings))::bigint)] as median_lower,
    sorted[least(postings, 1 + floor(0.5 * postings + 1.959964 * sqrt(0.25 * median_deff * postings))::bigint)] as median_upper,
    sorted[greatest(1, floor(0.25 * postings - 1.959964 * sqrt(0.1875 * q1_deff * postings))::bigint)] as q1_lower,
    sorted[least(postings, 1 + floor(0.25 * postings + 1.959964 * sqrt(0.1875 * q1_deff * postings))::bigint)] as q1_upper,
    sorted[greatest(1, floor(0.75 * postings - 1.959964 * sqrt(0.1875 * q3_deff * postings))::bigint)] as q3_lower,
    sorted[least(postings, 1 + floor(0.75 * postings + 1.959964 * sqrt(0.1875 * q3_deff * postings))::bigint)] as q3_upper,
    disclosure,
    converted,
    not_converted,
    in_month,
    postings,
    employers,
    grp = (select date_trunc('month', max(seen_at)) from posting) as partial
from total
left join spread using (grp)
order by month;
