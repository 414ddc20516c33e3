-- name:   source_mix
-- title:  Where new postings come from: share of each source by period
-- doc:    Among the new core postings of each period. A trend whose sources shift shows the
-- doc:    shift too: compare demand_index with panel matched. boards are those with a new posting.
-- param:  period text in month|week|day = month -- weeks begin on Monday
-- param:  district text = null -- only postings that live in this district
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  source text = null -- only this kind of board
-- param:  from date = null -- first period
-- param:  to date = null -- last period
-- column: period date, source text, matching bigint, share double, lower double, upper double
-- column: boards bigint, postings bigint, employers bigint, partial boolean
with scope as (
    select
        employer_id,
        cluster,
        board_id,
        source,
        date_trunc($period::text, new_on)::date as period
    from in_scope(only_district := $district, only_country := $country)
    where new_on is not null
      and ($from::date is null or new_on >= date_trunc($period::text, $from::date))
      and ($to::date is null or date_trunc($period::text, new_on) <= $to::date)
),
hit as (
    select
        period,
        source,
        cluster,
        count(*) as hits
    from scope
    group by period, source, cluster
),
cluster_total as (
    select
        period,
        cluster,
        sum(hits) as n
    from hit
    group by period, cluster
),
period_total as (
    select
        period,
        count(*) as postings,
        count(distinct employer_id) as employers
    from scope
    group by period
),
period_spread as (
    select
        period,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_total
    group by period
),
source_total as (
    select
        period,
        source,
        sum(hits)::bigint as matching,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from hit
    join cluster_total using (period, cluster)
    group by period, source
),
board_total as (
    select
        period,
        source,
        count(distinct board_id) as boards
    from scope
    group by period, source
),
spread as (
    select
        *,
        design_effect(matching, postings, hits_hits, hits_n, n_n, clusters) as deff
    from source_total
    join period_total using (period)
    join period_spread using (period)
    join board_total using (period, source)
)
select
    period,
    source,
    matching,
    matching / postings as share,
    share_lower(matching, postings, deff) as lower,
    share_upper(matching, postings, deff) as upper,
    boards,
    postings,
    employers,
    period = (select date_trunc($period::text, max(seen_at)) from posting) as partial
from spread
where $source::text is null or source = $source
order by period, source;
