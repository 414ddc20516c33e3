-- name:   posting_intensity
-- title:  How many postings make one role: raw, unique and intensity by month
-- doc:    raw counts the new core postings of a month as they were published, copies and reposts
-- doc:    included; unique counts roles that were new in the month; intensity is raw / unique.
-- doc:    A copy has the same employer and title and nearly the same words; one that opens at
-- doc:    most store.repost_gap days after the role was last visible is a repost, and no new
-- doc:    role. copied are postings with the words of another employer's role, as agencies
-- doc:    publish them: they count as roles of their own.
-- param:  district text = null -- only postings whose primary district this is
-- param:  street text = null -- only postings whose first street this is
-- param:  source text = null -- only postings from this kind of board
-- param:  employer text = null -- only postings of this employer
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- base:   unique_postings, employers
-- column: month date, raw_postings bigint, unique_postings bigint, intensity double
-- column: copies bigint, reposts bigint, copied bigint, employers bigint, partial boolean
with dated as (
    select
        date_trunc('month', new_on)::date as month,
        posting_id,
        canonical_id,
        employer_id,
        copied_from,
        new_on
    from dated_copy
    where standing = 'core'
      and new_on is not null
      and ($district::text is null or district = $district)
      and ($street::text is null or street = $street)
      and ($source::text is null or source = $source)
      and ($employer::text is null or employer_id = $employer)
),
opened as (
    select
        *,
        min(new_on) over (partition by canonical_id) as first_on
    from dated
)
select
    month,
    count(*) as raw_postings,
    count(*) filter (where posting_id = canonical_id) as unique_postings,
    count(*) / nullif(count(*) filter (where posting_id = canonical_id), 0) as intensity,
    count(*) filter (where posting_id <> canonical_id and new_on = first_on) as copies,
    count(*) filter (where posting_id <> canonical_id and new_on > first_on) as reposts,
    count(*) filter (where copied_from is not null) as copied,
    count(distinct employer_id) as employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from opened
where ($from::date is null or month >= date_trunc('month', $from::date))
  and ($to::date is null or month <= $to::date)
group by month
order by month;
