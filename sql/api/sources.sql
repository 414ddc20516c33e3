-- name:   sources
-- title:  Boards, postings and sweeps by kind of board
-- column: source text, boards bigint, postings bigint, open_postings bigint, sweeps bigint, last_sweep_at timestamp
with board_total as (
    select
        source,
        count(*) as boards,
        max(last_sweep_at) as last_sweep_at
    from board
    group by source
),
posting_total as (
    select
        source,
        count(*) as postings
    from posting
    group by source
),
open_total as (
    select
        source,
        count(*) as open_postings
    from open_posting
    group by source
),
sweep_total as (
    select
        board.source,
        count(*) as sweeps
    from sweep
    join board using (board_id)
    group by board.source
)
select
    source,
    coalesce(boards, 0) as boards,
    coalesce(postings, 0) as postings,
    coalesce(open_postings, 0) as open_postings,
    coalesce(sweeps, 0) as sweeps,
    last_sweep_at
from board_total
full join posting_total using (source)
left join open_total using (source)
left join sweep_total using (source)
order by source;
