-- name:   pay_bands
-- title:  Pay bands: yearly pay by street and seniority
-- doc:    Quartiles of the middle of the stated range, among core postings with believable pay
-- doc:    in the one currency; disclosure is the share of the cell's postings that state any.
-- param:  district text = null -- only postings that live in this district
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  currency text = USD -- ISO 4217; pay in other currencies is never converted
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: street text, seniority text, currency text, q1 double, median double, q3 double
-- column: disclosure double, in_cell bigint, postings bigint, employers bigint
with scope as (
    select
        coalesce(street, 'unspecified') as street,
        seniority,
        employer_no,
        pay is not null as stated,
        case when pay_currency = upper($currency::text) then pay end as pay
    from in_scope(
        only_district := $district, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    )
)
select
    street,
    seniority,
    upper($currency::text) as currency,
    quantile_cont(pay, 0.25) as q1,
    quantile_cont(pay, 0.5) as median,
    quantile_cont(pay, 0.75) as q3,
    count(*) filter (where stated) / count(*) as disclosure,
    count(*) as in_cell,
    count(pay) as postings,
    count(distinct employer_no) filter (where pay is not null) as employers
from scope
group by street, seniority
order by street, list_position(['intern', 'junior', 'mid', 'senior', 'lead', 'manager', 'executive', 'unspecified'], seniority);
