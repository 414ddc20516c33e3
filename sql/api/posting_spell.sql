-- name:   posting_spell
-- title:  When a posting was open
-- param:  id text -- the posting's id
-- column: board_id text, opened_at timestamp, left_truncated boolean, last_listed_at timestamp, closed_at timestamp, closed_reason text
select
    board_id,
    opened_at,
    left_truncated,
    last_listed_at,
    closed_at,
    closed_reason
from spell
where posting_key = key_of($id::text)
  and posting_id = $id::text
order by opened_at;
