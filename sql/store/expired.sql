-- Ends the spells of postings whose last day had passed when their board was last
-- swept, as effect.sql does for a sweep that comes later than the posting.
update city.spell
set
    closed_at = greatest(spell.opened_at, fresh.closed_on::timestamp + interval 1 day),
    last_listed_at = greatest(spell.opened_at, least(spell.last_listed_at, fresh.closed_on::timestamp + interval 1 day)),
    closed_reason = 'expired'
from fresh
join city.board using (board_id)
where spell.posting_key = fresh.posting_key
  and spell.posting_id = fresh.posting_id
  and spell.closed_at is null
  and fresh.closed_on < greatest(board.last_complete_at, case when board.last_verdict <> 'failed' then board.last_sweep_at end)::date
  and fresh.closed_on >= coalesce(fresh.posted_on, date '1990-01-01');
