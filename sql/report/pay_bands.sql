-- name:   pay_bands
-- title:  Pay bands: yearly pay by street and seniority
-- doc:    Quartiles of the middle of the stated range, among core postings with believable pay
-- doc:    in the one currency; disclosure is the share of the cell's postings that state any.
-- doc:    lower and upper bound the median and the quartiles with 95 % by order statistics
-- doc:    (R. S. Woodruff, JASA 47, 1952), n divided by the design effect, with employers as
-- doc:    clusters, of the share of pay up to each.
-- doc:    With convert_to, pay in other currencies counts too, by the last rate of store.rates in
-- doc:    the month the posting was new in (else of the month before): converted of the postings
-- doc:    were; not_converted state pay too, but have no month or no rate, and are not in them.
-- param:  district text = null -- only postings that live in this district
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  currency text = USD -- ISO 4217; pay in other currencies is left out
-- param:  convert_to text = null -- instead, pay in all currencies, converted to this one
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: street text, seniority text, currency text, q1 double, median double, q3 double
-- column: median_lower double, median_upper double, q1_lower double, q1_upper double, q3_lower double, q3_upper double
-- column: disclosure double, converted bigint, not_converted bigint, in_cell bigint, postings bigint, employers bigint
with scope as (
    select
        coalesce(street, 'unspecified') as street,
        seniority,
        cluster,
        employer_no,
        pay is not null as stated,
        case when pay_currency = coalesce(upper($convert_to::text), upper($currency::text)) then pay else pay * factor end as pay,
        pay is not null and pay_currency <> upper($convert_to::text) as elsewhere
    from in_scope(
        only_district := $district, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    ) as scope
    left join rates_to(upper($convert_to::text)) as rates on rates.month = scope.month and rates.currency = scope.pay_currency
),
total as (
    select
        street,
        seniority,
        quantile_cont(pay, 0.25) as q1,
        quantile_cont(pay, 0.5) as median,
        quantile_cont(pay, 0.75) as q3,
        list(pay order by pay) filter (where pay is not null) as sorted,
        count(*) filter (where stated) / count(*) as disclosure,
        count(*) filter (where elsewhere and pay is not null) as converted,
        count(*) filter (where elsewhere and pay is null) as not_converted,
        count(*) as in_cell,
        count(pay) as postings,
        count(distinct employer_no) filter (where pay is not null) as employers
    from scope
    group by street, seniority
),
-- how the shares up to each quartile differ between clusters
spread as (
    select
        street,
        seniority,
        design_effect(sum(to_q1), sum(n), sum(to_q1 * to_q1), sum(to_q1 * n), sum(n * n), count(*)) as q1_deff,
        design_effect(sum(to_median), sum(n), sum(to_median * to_median), sum(to_median * n), sum(n * n), count(*)) as median_deff,
        design_effect(sum(to_q3), sum(n), sum(to_q3 * to_q3), sum(to_q3 * n), sum(n * n), count(*)) as q3_deff
    from (
        select
            scope.street,
            scope.seniority,
            scope.cluster,
            count(*) filter (where pay <= q1) as to_q1,
            count(*) filter (where pay <= median) as to_median,
            count(*) filter (where pay <= q3) as to_q3,
            count(*) as n
        from scope
        join total on total.street = scope.street and total.seniority = scope.seniority
        where pay is not null
        group by scope.street, scope.seniority, scope.cluster
    )
    group by street, seniority
)
select
    street,
    seniority,
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
    in_cell,
    postings,
    employers
from total
left join spread using (street, seniority)
order by street, list_position(['intern', 'junior', 'mid', 'senior', 'lead', 'manager', 'executive', 'unspecified'], seniority);
