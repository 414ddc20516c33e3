-- name:   workplace_share_by_month
-- title:  Remote, hybrid and on site: share of postings by month
-- doc:    Among the new core postings of each month; unspecified is its own row, so the shares
-- doc:    of a month add up to 1.
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  district text = null -- only postings that live in this district
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- column: month date, workplace text, matching bigint, share double, lower double, upper double
-- column: postings bigint, employers bigint, partial boolean
with in_scope as (
    select
        posting_id,
        employer_id,
        workplace,
        month
    from dated_posting
    where standing = 'core'
      and month is not null
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
      and (
          $district::text is null
          or posting_id in (select posting_id from posting_district where district = $district)
      )
),
month_total as (
    select
        month,
        count(*) as postings,
        count(distinct employer_id) as employers
    from in_scope
    group by month
),
workplace_total as (
    select
        month,
        workplace,
        count(*) as matching
    from in_scope
    group by month, workplace
),
kind as (
    select distinct workplace
    from in_scope
    where $workplace::text is null or workplace = $workplace
)
select
    month_total.month,
    kind.workplace,
    coalesce(matching, 0) as matching,
    coalesce(matching, 0) / postings as share,
    wilson_lower(coalesce(matching, 0), postings) as lower,
    wilson_upper(coalesce(matching, 0), postings) as upper,
    postings,
    employers,
    month_total.month = (select date_trunc('month', max(seen_at)) from posting) as partial
from month_total
cross join kind
left join workplace_total on workplace_total.month = month_total.month and workplace_total.workplace = kind.workplace
order by month_total.month, kind.workplace;
