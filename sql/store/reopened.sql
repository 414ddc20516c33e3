-- A spell goes on when its source had moved the last day before it was asked: the
-- sweep that ended the spell did not know that yet.
update city.spell
set closed_at = null, closed_reason = null, last_listed_at = greatest(spell.last_listed_at, moved.seen_at)
from (
    select
        fresh.posting_id,
        any_value(fresh.posting_key) as posting_key,
        any_value(fresh.seen_at) as seen_at,
        max(last_spell.opened_at) as opened_at
    from fresh
    join city.spell as last_spell using (posting_key, posting_id)
    join city.board on board.board_id = fresh.board_id
    where fresh.changed
      and coalesce(fresh.closed_on >= board.last_sweep_at::date, true)
    group by fresh.posting_id
    having count(last_spell.closed_at) = count(*)
) as moved
where spell.posting_key = moved.posting_key
  and spell.posting_id = moved.posting_id
  and spell.opened_at = moved.opened_at
  and spell.closed_reason = 'expired'
  and moved.seen_at >= spell.closed_at
  and moved.seen_at < spell.closed_at + interval 7 days;
