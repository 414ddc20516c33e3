-- name:   postings_by_employer
-- title:  Who hires: employers by their postings
-- doc:    Among unique core postings; share is that of all of them, and cumulative_share adds
-- doc:    up from the largest employer down. Postings whose source names no employer are part
-- doc:    of the total, and of no row.
-- param:  skill text = null -- only postings that mention this skill
-- param:  district text = null -- only postings that live in this district
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..1000 = 50 -- at most so many employers
-- base:   total, employers
-- column: rank bigint, employer_id text, employer text, postings bigint, open_postings bigint
-- column: share double, lower double, upper double, cumulative_share double
-- column: total bigint, employers bigint
with in_scope as (
    select
        posting_id,
        employer_id,
        employer
    from dated_posting
    where standing = 'core'
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
      and (
          $district::text is null
          or posting_id in (select posting_id from posting_district where district = $district)
      )
      and (
          $skill::text is null
          or posting_id in (select posting_id from posting_skill where skill = lower($skill::text))
      )
),
size as (
    select
        count(*) as total,
        count(distinct employer_id) as employers
    from in_scope
),
employer_total as (
    select
        employer_id,
        max(employer) as employer,
        count(*) as postings,
        count(open.posting_id) as open_postings
    from in_scope
    left join (select distinct posting_id from open_posting) as open using (posting_id)
    where employer_id is not null
    group by employer_id
)
select
    row_number() over by_size as rank,
    employer_id,
    employer,
    postings,
    open_postings,
    postings / total as share,
    wilson_lower(postings, total) as lower,
    wilson_upper(postings, total) as upper,
    sum(postings) over by_size / total as cumulative_share,
    total,
    employers
from employer_total
cross join size
window by_size as (order by postings desc, employer_id)
order by rank
limit $top::bigint;
