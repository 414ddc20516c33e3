-- name:   repost_rate
-- title:  Reposts: share of new postings that stood there before, by month or employer
-- doc:    Among unique core postings that count as new in a month: those of which an employer
-- doc:    had put up nearly the same title and text before, and taken it down for longer than
-- doc:    copies of one role may lie apart (reposts). A posting that comes back under its own id
-- doc:    is the same posting, and no repost here. By employer, employers is that of all rows.
-- doc:    Interval: Wilson, with employers as clusters. A repost has many reasons: nobody was
-- doc:    found, several are sought, or the board was tidied.
-- param:  by text in month|employer = month -- one row for each of these
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street is this
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, ISO 3166-1 alpha-2
-- param:  employer text = null -- only this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- param:  top bigint in 1..1000 = 200 -- at most so many rows; by employer, those of most postings
-- column: month date, employer_id text, employer text, reposts bigint, share double, lower double, upper double
-- column: postings bigint, employers bigint, partial boolean
with run as (
    select
        role.posting_id,
        row_number() over (partition by posting.copies_id order by coalesce(role.new_on, posting.seen_at::date), role.posting_id) as nth
    from role
    join posting using (posting_id)
    where posting.copies_id is not null
),
scope as (
    select
        scope.employer_id,
        scope.cluster,
        if($by = 'month', scope.month, null) as month,
        if($by = 'employer', scope.employer_id, null) as of_employer,
        coalesce(run.nth, 1) > 1 as is_repost
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source,
        first_month := $from, last_month := $to) as scope
    left join run using (posting_id)
    where scope.month is not null
      and ($by = 'month' or scope.employer_id is not null)
),
cluster_total as (
    select
        month,
        of_employer,
        cluster,
        any_value(employer_id) as employer_id,
        count(*) filter (is_repost) as hits,
        count(*) as n
    from scope
    group by month, of_employer, cluster
),
total as (
    select
        month,
        of_employer,
        sum(hits)::bigint as reposts,
        sum(n)::bigint as postings,
        if($by = 'employer', (select count(distinct employer_id) from scope), count(distinct employer_id)) as employers,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by month, of_employer
),
kept as (
    select *
    from total
    order by if($by = 'employer', postings, null) desc nulls last, month desc, of_employer
    limit $top::bigint
)
select
    kept.month,
    kept.of_employer as employer_id,
    employer.name as employer,
    kept.reposts,
    kept.reposts / kept.postings as share,
    share_lower(kept.reposts, kept.postings, kept.deff) as lower,
    share_upper(kept.reposts, kept.postings, kept.deff) as upper,
    kept.postings,
    kept.employers,
    coalesce(kept.month = (select date_trunc('month', max(seen_at)) from posting), false) as partial
from kept
left join employer on employer.employer_id = kept.of_employer
order by kept.month, kept.postings desc, kept.of_employer;
