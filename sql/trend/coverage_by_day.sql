-- name:   coverage_by_day
-- title:  How far the boards answered, by day
-- doc:    Days are in UTC. A board is expected from its first sweep on. It counts by the best of
-- doc:    its sweeps of the day: complete, partial, or failed (of which blocked were refused:
-- doc:    robots.txt, status 401, 403 or 429); silent boards were not swept at all. What was
-- doc:    listed and published is summed over all sweeps. A board that was taken off the list
-- doc:    stays expected, and silent.
-- param:  source text = null -- only this kind of board
-- param:  from date = null -- first day
-- param:  to date = null -- last day
-- column: day date, boards bigint, complete bigint, partial bigint, failed bigint, blocked bigint, silent bigint
-- column: answered double, listed bigint, opened bigint, closed bigint, published bigint
with asked as (
    select
        sweep.*,
        sweep.started_at::date as day
    from sweep
    join board using (board_id)
    where $source::text is null or board.source = $source
),
calendar as (
    select unnest(generate_series(
        greatest(min(day), $from::date)::timestamp, least(max(day), $to::date)::timestamp, interval 1 day))::date as day
    from asked
),
expected as (
    select
        calendar.day,
        count(*) as boards
    from calendar
    join (select board_id, min(day) as first_day from asked group by board_id) as known on known.first_day <= calendar.day
    group by calendar.day
),
board_day as (
    select
        day,
        board_id,
        bool_or(verdict = 'complete') as complete,
        bool_or(verdict = 'partial') as partial,
        bool_or(verdict = 'failed' and regexp_matches(reason, 'robots\.txt|status (401|403|429)\b')) as blocked,
        sum(listed) as listed,
        sum(opened) as opened,
        sum(closed) as closed,
        sum(published) as published
    from asked
    group by day, board_id
),
day_total as (
    select
        day,
        count(*) as swept,
        count(*) filter (where complete) as complete,
        count(*) filter (where partial and not complete) as partial,
        count(*) filter (where not partial and not complete) as failed,
        count(*) filter (where not partial and not complete and blocked) as blocked,
        sum(listed)::bigint as listed,
        sum(opened)::bigint as opened,
        sum(closed)::bigint as closed,
        sum(published)::bigint as published
    from board_day
    group by day
)
select
    day,
    boards,
    coalesce(complete, 0) as complete,
    coalesce(partial, 0) as partial,
    coalesce(failed, 0) as failed,
    coalesce(blocked, 0) as blocked,
    boards - coalesce(swept, 0) as silent,
    (coalesce(complete, 0) + coalesce(partial, 0)) / boards as answered,
    coalesce(listed, 0) as listed,
    coalesce(opened, 0) as opened,
    coalesce(closed, 0) as closed,
    coalesce(published, 0) as published
from expected
left join day_total using (day)
order by day;
