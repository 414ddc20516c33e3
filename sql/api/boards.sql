-- name:   boards
-- title:  Every board with its last sweep, those in trouble first
-- column: board_id text, source text, employer text, url text, last_verdict text, last_reason text
-- column: first_sweep_at timestamp, last_sweep_at timestamp, last_complete_at timestamp
-- column: postings bigint, open_postings bigint
with posting_total as (
    select
        board_id,
        count(*) as postings
    from posting
    group by board_id
),
open_total as (
    select
        board_id,
        count(*) as open_postings
    from spell
    where closed_at is null
    group by board_id
)
select
    board_id,
    source,
    employer,
    url,
    last_verdict,
    last_reason,
    first_sweep_at,
    last_sweep_at,
    last_complete_at,
    coalesce(postings, 0) as postings,
    coalesce(open_postings, 0) as open_postings
from board
left join posting_total using (board_id)
left join open_total using (board_id)
order by list_position(['failed', 'partial', 'complete'], last_verdict), board_id;
