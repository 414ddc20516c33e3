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
with scope as (
    select
        employer_id,
        cluster,
        workplace,
        month
    from in_scope(only_district := $district, only_source := $source, first_month := $from, last_month := $to)
    where month is not null
),
kind as (
    select distinct workplace
    from scope
    where $workplace::text is null or workplace = $workplace
),
cluster_total as (
    select
        scope.month,
        kind.workplace,
        scope.cluster,
        any_value(scope.employer_id) as employer_id,
        count(*) filter (where scope.workplace = kind.workplace) as hits,
        count(*) as n
    from scope
    cross join kind
    group by scope.month, kind.workplace, scope.cluster
),
month_total as (
    select
        month,
        workplace,
        sum(hits)::bigint as matching,
        sum(n)::bigint as postings,
        count(distinct employer_id) as employers,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by month, workplace
)
select
    month,
    workplace,
    matching,
    matching / postings as share,
    share_lower(matching, postings, deff) as lower,
    share_upper(matching, postings, deff) as upper,
    postings,
    employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from month_total
order by month, workplace;
