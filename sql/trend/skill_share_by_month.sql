-- name:   skill_share_by_month
-- title:  Share of postings that mention a skill, by month
-- doc:    Among the new core postings of each month. Mentioned is not needed: the need is
-- doc:    split out in skills_of_district.
-- param:  skill text -- id of a skill, such as kubernetes
-- param:  district text = null -- only postings that live in this district
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- column: month date, share double, lower double, upper double
-- column: mentions bigint, postings bigint, employers bigint, partial boolean
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
      and (
          $district::text is null
          or posting_id in (select posting_id from posting_district where district = $district)
      )
),
mentioned as (
    select distinct posting_id
    from posting_skill
    where skill = lower($skill::text)
),
month_total as (
    select
        in_scope.month,
        count(mentioned.posting_id) as mentions,
        count(*) as postings,
        count(distinct in_scope.employer_id) as employers
    from in_scope
    left join mentioned using (posting_id)
    group by in_scope.month
)
select
    month,
    mentions / postings as share,
    wilson_lower(mentions, postings) as lower,
    wilson_upper(mentions, postings) as upper,
    mentions,
    postings,
    employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from month_total
order by month;
