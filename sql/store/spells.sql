insert into city.spell
select posting_id, board_id, started_at, left_truncated, started_at, null, null
from opened;

update city.spell
set closed_at = vanished.closed_at, last_listed_at = vanished.last_listed_at, closed_reason = 'vanished'
from vanished
where spell.posting_id = vanished.posting_id
  and spell.closed_at is null;

-- The source itself says that these are closed: it ends the open spell, and makes
-- a closed one where there was none. A closing that is known already changes nothing.
insert into city.spell
select distinct on (swept_closed.posting_id)
    swept_closed.posting_id, effect.board_id, least(effect.started_at, swept_closed.closed_on), true,
    least(effect.started_at, swept_closed.closed_on), swept_closed.closed_on, swept_closed.reason
from swept_closed
join effect using (board_id)
anti join city.spell on spell.posting_id = swept_closed.posting_id
    and (spell.closed_at is null or spell.closed_at = swept_closed.closed_on)
where effect.verdict <> 'failed'
order by swept_closed.posting_id, swept_closed.closed_on;

update city.spell
set
    closed_at = swept_closed.closed_on,
    closed_reason = swept_closed.reason,
    opened_at = least(spell.opened_at, swept_closed.closed_on),
    last_listed_at = least(spell.last_listed_at, swept_closed.closed_on)
from swept_closed
where spell.posting_id = swept_closed.posting_id
  and spell.closed_at is null;
