-- name:   postings_by_month_and_district
-- title:  New postings by month and district
-- doc:    A posting that lives in several districts counts in each of them as a posting,
-- doc:    and once in all by weight: the weighted sums of a month add up to its total.
-- doc:    The share is the weighted sum among all new core postings of the month.
-- param:  district text = null -- only this district
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- base:   total, total_employers
-- column: month date, district text, postings bigint, employers bigint, weighted double
-- column: share double, lower double, upper double
-- column: total bigint, total_employers bigint, partial boolean
with in_scope as (
    select
        posting_id,
        employer_id,
        month
    from dated_posting
    where standing = 'core'
      and month is not null
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
),
month_total as (
    select
        month,
        count(*) as total,
        count(distinct employer_id) as total_employers
    from in_scope
    group by month
),
district_total as (
    select
        in_scope.month,
        posting_district.district,
        count(*) as postings,
        count(distinct in_scope.employer_id) as employers,
        sum(posting_district.weight) as weighted
    from in_scope
    join posting_district using (posting_id)
    where $district::text is null or posting_district.district = $district
    group by in_scope.month, posting_district.district
)
select
    month,
    district,
    postings,
    employers,
    weighted,
    weighted / total as share,
    wilson_lower(weighted, total) as lower,
    wilson_upper(weighted, total) as upper,
    total,
    total_employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from district_total
join month_total using (month)
order by month, district;
