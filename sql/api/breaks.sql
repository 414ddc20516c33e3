-- name:   breaks
-- title:  Where series break
-- column: series text, on_day date, reason text
select
    series,
    on_day,
    reason
from series_break
order by on_day, series;
