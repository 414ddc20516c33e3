-- name:   scope
-- title:  What a trend rests on: the unique core postings in its scope
-- param:  district text = null -- only postings that live in this district
-- param:  seniority text = null -- only this seniority
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- param:  dated boolean = false -- only postings that count as new in a month
-- column: postings bigint, employers bigint, copies bigint, from_month date, to_month date
with in_scope as (
    select
        canonical_id,
        employer_id,
        month
    from dated_posting
    where standing = 'core'
      and (month is not null or not $dated::boolean)
      and ($seniority::text is null or seniority = $seniority)
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
      and (
          $district::text is null
          or posting_id in (select posting_id from posting_district where district = $district)
      )
)
select
    count(*) as postings,
    count(distinct employer_id) as employers,
    (select count(*) from posting where canonical_id <> posting_id and canonical_id in (select canonical_id from in_scope)) as copies,
    min(month) as from_month,
    max(month) as to_month
from in_scope;
