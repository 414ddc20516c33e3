-- name:   coverage
-- title:  How far the boards answered
-- column: boards bigint, complete bigint, partial bigint, failed bigint, sources text
-- column: as_of timestamp, last_sweep_at timestamp, taxonomy text, taxonomies bigint
select
    count(*) as boards,
    count(*) filter (where last_verdict = 'complete') as complete,
    count(*) filter (where last_verdict = 'partial') as partial,
    count(*) filter (where last_verdict = 'failed') as failed,
    string_agg(distinct source, ',' order by source) as sources,
    greatest((select max(seen_at) from posting), max(last_sweep_at)) as as_of,
    max(last_sweep_at) as last_sweep_at,
    (select taxonomy from taxonomy order by since desc limit 1) as taxonomy,
    (select count(distinct taxonomy) from posting) as taxonomies
from board;
