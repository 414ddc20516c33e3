-- name:   pay_histogram
-- title:  How yearly pay is spread
-- doc:    Counts of core postings by their yearly pay in the one currency asked for. The bins
-- doc:    are equally wide: by Freedman and Diaconis (1981), twice the distance of the quartiles
-- doc:    over the cube root of n, rounded up to 1, 2 or 5 times a power of ten, and never more
-- doc:    than fit between the 1st and the 99th percentile in 60; what lies outside of these is
-- doc:    in the first and the last bin. With convert_to, pay in other currencies counts too, as
-- doc:    in pay_by; not_converted state pay, but have no month or no rate, and are not in total.
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
-- base:   total, employers
-- column: from_pay double, to_pay double, currency text, in_bin bigint, share double, total bigint, employers bigint, not_converted bigint
with stated as (
    select
        employer_no,
        case when pay_currency = coalesce(upper($convert_to::text), upper($currency::text)) then pay else pay * factor end as pay
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    ) as scope
    left join rates_to(upper($convert_to::text)) as rates on rates.month = scope.month and rates.currency = scope.pay_currency
    where pay is not null
      and ($convert_to::text is not null or pay_currency = upper($currency::text))
),
paid as (
    select *
    from stated
    where pay is not null
),
shape as (
    select
        count(*) as total,
        count(distinct employer_no) as employers,
        quantile_cont(pay, 0.01) as low,
        quantile_cont(pay, 0.99) as high,
        greatest(2 * (quantile_cont(pay, 0.75) - quantile_cont(pay, 0.25)) / cbrt(count(*)), (high - low) / 60, 1) as wanted,
        power(10, floor(log10(wanted))) as ten,
        ten * case when wanted <= ten then 1 when wanted <= 2 * ten then 2 when wanted <= 5 * ten then 5 else 10 end as width,
        floor(low / width) as first_bin,
        floor(high / width) as last_bin
    from paid
),
binned as (
    select
        least(greatest(floor(pay / width), first_bin), last_bin) as bin,
        count(*) as in_bin
    from paid
    cross join shape
    group by bin
)
select
    bin * width as from_pay,
    (bin + 1) * width as to_pay,
    coalesce(upper($convert_to::text), upper($currency::text)) as currency,
    coalesce(in_bin, 0) as in_bin,
    coalesce(in_bin, 0) / total as share,
    total,
    employers,
    (select count(*) from stated where pay is null) as not_converted
from (select unnest(range(first_bin::bigint, last_bin::bigint + 1)) as bin from shape where total > 0)
left join binned using (bin)
cross join shape
order by from_pay;
