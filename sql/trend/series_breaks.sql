-- name:   series_breaks
-- title:  Where series break: days over which no trend is to be bridged
-- doc:    series says what breaks: demand and stock, skill, pay … or all. A new taxonomy is a
-- doc:    break too, from the day it came into use; postings counts what it has tagged, so
-- doc:    what was tagged again under a later one is not there.
-- param:  series text = null -- only breaks of this series
-- param:  from date = null -- first day
-- param:  to date = null -- last day
-- column: on_day date, series text, reason text, postings bigint
with tagged as (
    select
        taxonomy,
        count(*) as postings
    from posting
    group by taxonomy
),
break as (
    select
        on_day,
        series,
        reason,
        null as postings
    from series_break
    union all
    select
        since::date,
        'taxonomy',
        'taxonomy ' || taxonomy.taxonomy,
        coalesce(postings, 0)
    from taxonomy
    left join tagged using (taxonomy)
)
select
    on_day,
    series,
    reason,
    postings::bigint as postings
from break
where ($series::text is null or series = $series)
  and ($from::date is null or on_day >= $from::date)
  and ($to::date is null or on_day <= $to::date)
order by on_day, series, reason;
