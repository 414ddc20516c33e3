-- name:   postings_by_employer
-- title:  Who hires: employers by their postings, and whether they hire more than before
-- doc:    Among unique core postings; share is that of all of them, and cumulative_share adds
-- doc:    up from the largest employer down. before counts the employer's postings in as many
-- doc:    months before from; it is null unless from and to are given. Postings whose source
-- doc:    names no employer are part of the total, and of no row.
-- param:  skill text = null -- only postings that mention this skill
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..1000 = 50 -- at most so many employers
-- base:   total, employers
-- column: rank bigint, employer_id text, employer text, agency boolean, postings bigint, before bigint, open_postings bigint
-- column: share double, lower double, upper double, cumulative_share double
-- column: total bigint, employers bigint
with span as (
    select
        date_trunc('month', $from::date) as from_month,
        date_trunc('month', $to::date) as to_month,
        from_month - to_months(1 + date_diff('month', from_month, to_month)::integer) as before_month
),
asked as (
    select
        role_no,
        posting_id,
        employer_no,
        month
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source
    )
    where $skill::text is null
       or role_no in (select role_no from role_skill where skill = lower($skill::text))
),
scope as (
    select asked.*
    from asked
    cross join span
    where (from_month is null or month >= from_month)
      and (to_month is null or month <= to_month)
),
size as (
    select
        count(*) as total,
        count(distinct employer_no) as employers
    from scope
),
earlier as (
    select
        employer_no,
        count(*) as before
    from asked
    cross join span
    where month >= before_month
      and month < from_month
    group by employer_no
),
employer_total as (
    select
        employer_no,
        count(*) as postings,
        count(open.posting_id) as open_postings
    from scope
    left join (select distinct posting_id from spell where closed_at is null) as open using (posting_id)
    where employer_no is not null
    group by employer_no
    order by postings desc, employer_no
    limit $top::bigint
)
select
    row_number() over by_size as rank,
    employer.employer_id,
    employer.name as employer,
    coalesce(employer.agency, false) as agency,
    postings,
    case when before_month is not null then coalesce(earlier.before, 0) end as before,
    open_postings,
    postings / total as share,
    wilson_lower(postings, total) as lower,
    wilson_upper(postings, total) as upper,
    sum(postings) over by_size / total as cumulative_share,
    total,
    employers
from employer_total
join employer using (employer_no)
left join earlier using (employer_no)
cross join size
cross join span
window by_size as (order by postings desc, employer.employer_id)
order by rank;
