-- name:   demand_index
-- title:  Demand index: new postings against a base period, over all boards or a matched panel
-- doc:    panel raw: all new core postings of a period, each role once, as a percentage of
-- doc:    the base period's; it moves when boards join or fail. panel matched: each period is
-- doc:    compared with the one before over the boards that were watched through all of both
-- doc:    (units), and these links are multiplied (chained matched-model index, CPI Manual
-- doc:    2020, chapter 9); a board that joins, leaves or fails moves nothing. Boards that were
-- doc:    never swept completely (imported files, feeds of the newest) are matched by the
-- doc:    employers that have postings in both periods: that tells how much those hire, not how
-- doc:    many do, and what such a file had lost before it was saved is not known. Equal texts of an
-- doc:    employer count once on each board and period. With period day, each day stands for the
-- doc:    trailing days up to it (7 or 28 even out the week) and only swept boards are
-- doc:    matched; mean is postings a day. Nothing is bridged: where a series breaks, where the
-- doc:    postings of the two periods were mostly tagged by different taxonomies, or where
-- doc:    the panel is empty, a new segment begins, with a base of its own. change is
-- doc:    against the period before. lower and upper are the 95 % interval of the index, linearised on the
-- doc:    logarithm through the whole chain, with employers (raw) or units (matched) as clusters
-- doc:    and Student's t; not for days, whose windows overlap. Nothing is seasonally adjusted.
-- param:  panel text in raw|matched = raw
-- param:  period text in month|week|day = month -- weeks begin on Monday
-- param:  days bigint in 1..28 = 7 -- with period day: how many trailing days
-- param:  base date = null -- a day of the base period; without it, the first period
-- param:  skill text = null -- only postings that mention this skill, by its id
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first period
-- param:  to date = null -- last period
-- column: period date, index double, lower double, upper double, change double, mean double, postings bigint, employers bigint, units bigint
-- column: segment bigint, base date, break text, partial boolean
with item as (
    select
        'all' as unit,
        true as is_board,
        posting_id as content,
        hash(cluster) as cluster,
        employer_id,
        date_trunc($period::text, new_on)::date as period
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where $panel::text = 'raw'
      and new_on is not null
      and ($skill::text is null or posting_id in (select s.posting_id from posting_skill as s where s.skill = lower($skill::text)))
    union all
    select
        unit,
        is_board,
        content,
        hash(unit),
        employer_id,
        date_trunc($period::text, new_on)::date
    from panel_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where $panel::text = 'matched'
      and ($skill::text is null or posting_id in (select s.posting_id from posting_skill as s where s.skill = lower($skill::text)))
      and (is_board or $period::text <> 'day')
),
cluster_total as materialized (
    select
        unit,
        cluster,
        period,
        count(distinct content) as n
    from item
    group by unit, cluster, period
),
counted as (
    select
        unit,
        period,
        sum(n) as n
    from cluster_total
    group by unit, period
),
watch as (
    select
        unit,
        unnest(generate_series(min(period)::timestamp, max(period)::timestamp, length_of($period::text)))::date as period
    from counted
    where $panel::text = 'raw'
    group by unit
    union all
    select
        'board ' || board_id,
        on_day
    from watched($period::text)
    where $panel::text = 'matched'
    union all
    select distinct
        unit,
        period
    from item
    where $panel::text = 'matched'
      and not is_board
),
-- width is how many periods each value stands for
width as (
    select case $period::text when 'day' then $days::integer else 1 end as width
),
summed as (
    select
        unit,
        period,
        sum(coalesce(n, 0)) over reach as n,
        count(*) over reach as seen,
        width
    from watch
    left join counted using (unit, period)
    cross join width
    window reach as (partition by unit order by period range between to_days(width - 1) preceding and current row)
),
value as (
    select
        unit,
        period,
        n
    from summed
    where seen = width
      and ($from::date is null or period >= date_trunc($period::text, $from::date))
      and ($to::date is null or period <= $to::date)
),
place as (
    select
        period,
        lag(period) over (order by period) as before,
        (period + length_of($period::text))::date as after
    from (select distinct period from value)
),
pair as (
    select
        place.period,
        place.before,
        now.unit,
        now.n as now,
        earlier.n as earlier
    from place
    join value as now on now.period = place.period
    left join value as earlier on earlier.unit = now.unit and earlier.period = place.before
    where place.before is null
       or earlier.unit is not null
),
link as (
    select
        place.*,
        sum(now) as now,
        sum(earlier) as earlier,
        count(unit) as units
    from place
    left join pair using (period)
    group by all
),
hiring as (
    select distinct
        employer_id,
        period
    from item
    semi join watch using (unit, period)
    where employer_id is not null
),
-- an employer counts from the first day to the last that a value stands for it
reach as (
    select
        period,
        lag(period) over (partition by employer_id order by period) as earlier
    from hiring
),
come_and_go as (
    select
        greatest(period, earlier + width) as on_day,
        1 as change
    from reach
    cross join width
    union all
    select
        period + width,
        -1
    from reach
    cross join width
),
employer_total as (
    select
        on_day,
        sum(sum(change)) over (order by on_day) as employers
    from come_and_go
    group by on_day
),
tagged as (
    select
        date_trunc($period::text, new_on)::date as period,
        mode(taxonomy) as taxonomy
    from dated_posting
    where standing = 'core'
    group by all
),
broken as (
    select
        link.*,
        coalesce(
            (select string_agg(reason, '; ' order by on_day, reason)
             from series_break
             where series in ('demand', 'all') and on_day > link.before and on_day < link.after),
            case when tagged_before.taxonomy <> tagged.taxonomy then 'another taxonomy' end,
            case when $panel::text = 'matched' and link.before is not null and coalesce(earlier, 0) = 0 then 'nothing to compare with' end
        ) as break
    from link
    left join tagged using (period)
    left join tagged as tagged_before on tagged_before.period = link.before
),
segmented as (
    select
        *,
        count(break) over (order by period) + 1 as segment
    from broken
),
levelled as (
    select
        *,
        case $panel::text
            when 'raw' then now
            else product(case when break is null and before is not null then now / earlier else 1.0 end) over (partition by segment order by period)
        end as level
    from segmented
),
base as (
    select
        segment,
        coalesce(
            min(period) filter (where period <= $base::date and after > $base::date and level > 0),
            min(period) filter (where level > 0)
        ) as base
    from levelled
    group by segment
),
-- what each cluster adds to the logarithm of each link
addition as (
    select
        pair.period,
        cluster_total.cluster,
        cluster_total.n / link.now as step
    from pair
    join link using (period)
    join cluster_total on cluster_total.unit = pair.unit and cluster_total.period = pair.period
    where $period::text <> 'day'
      and link.now > 0
      and link.earlier > 0
    union all
    select
        pair.period,
        cluster_total.cluster,
        -cluster_total.n / link.earlier
    from pair
    join link using (period)
    join cluster_total on cluster_total.unit = pair.unit and cluster_total.period = pair.before
    where $period::text <> 'day'
      and link.now > 0
      and link.earlier > 0
),
step as (
    select
        segment,
        addition.period,
        cluster,
        sum(step) as step
    from addition
    join segmented using (period)
    where break is null
    group by segment, addition.period, cluster
),
-- the same counted from the base: what was added up to it is taken off at the start
from_base as (
    select
        segment,
        (select min(period) from segmented as first where first.segment = step.segment) as period,
        cluster,
        -sum(step) as step
    from step
    join base using (segment)
    where period <= base
    group by segment, cluster
    union all
    select
        segment,
        period,
        cluster,
        step
    from step
),
distance as (
    select
        segment,
        period,
        cluster,
        sum(sum(step)) over (partition by segment, cluster order by period) as distance
    from from_base
    group by segment, period, cluster
),
variance as (
    select
        segment,
        period as since,
        sum(sum(growth)) over (partition by segment order by period) as variance
    from (
        select
            segment,
            period,
            distance * distance - coalesce(power(lag(distance) over (partition by segment, cluster order by period), 2), 0) as growth
        from distance
    )
    group by segment, period
),
concentration as (
    select
        pair.period,
        sum(cluster_total.n) * sum(cluster_total.n) / sum(cluster_total.n * cluster_total.n) as effective
    from pair
    join cluster_total on cluster_total.unit = pair.unit and cluster_total.period = pair.period
    where $period::text <> 'day'
    group by pair.period
),
spread as (
    select
        levelled.*,
        1.959964 * t_over_z(greatest(1, effective - 1)) * sqrt(greatest(0, variance)) as half
    from levelled
    left join concentration using (period)
    asof left join variance on variance.segment = levelled.segment and variance.since <= levelled.period
)
select
    spread.period,
    100 * spread.level / based.level as index,
    100 * spread.level / based.level * exp(-half) as lower,
    100 * spread.level / based.level * exp(half) as upper,
    case when spread.break is null then spread.now / nullif(spread.earlier, 0) - 1 end as change,
    case when $period::text = 'day' then coalesce(spread.now, 0) / width end as mean,
    coalesce(spread.now, 0)::bigint as postings,
    coalesce(employers, 0)::bigint as employers,
    spread.units,
    spread.segment,
    base,
    spread.break as break,
    spread.after > (select max(seen_at) from posting) as partial
from spread
cross join width
asof left join employer_total on employer_total.on_day <= spread.period
join base using (segment)
left join levelled as based on based.period = base.base
order by spread.period;
