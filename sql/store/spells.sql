-- Where a clock was set right, nothing lies ahead of it any more.
update city.spell
set
    opened_at = least(spell.opened_at, effect.started_at),
    last_listed_at = least(spell.last_listed_at, effect.started_at),
    closed_at = case when spell.closed_at is not null then least(spell.closed_at, effect.started_at) end
from effect
where effect.resets
  and spell.board_id = effect.board_id
  and greatest(spell.opened_at, spell.last_listed_at, spell.closed_at) > effect.started_at;

update city.posting
set seen_at = effect.started_at
from effect
where effect.resets
  and posting.board_id = effect.board_id
  and posting.seen_at > effect.finished_at;

-- One insert, not two: after two ordered ones into a table in one transaction,
-- DuckDB 1.5.6 shows what is added to it no more until the next checkpoint, once the
-- table has about 120,000 rows.
insert into city.spell
select posting_id, board_id, started_at as opened_at, left_truncated, started_at as last_listed_at, null as closed_at, null as closed_reason, city.key_of(posting_id)
from opened
union all
select posting_id, board_id, opened_at, true, last_listed_at, closed_at, reason, city.key_of(posting_id)
from ended
where not was_open
order by board_id, posting_id;

-- A complete sweep says when all were last listed that are open; a partial one says
-- it of those it lists.
update city.spell
set last_listed_at = effect.started_at
from swept_listed
join effect using (board_id)
where effect.opens
  and effect.verdict = 'partial'
  and spell.posting_id = swept_listed.posting_id
  and spell.closed_at is null
  and spell.last_listed_at < effect.started_at;

update city.spell
set closed_at = ended.closed_at, last_listed_at = ended.last_listed_at, closed_reason = ended.reason
from ended
where ended.was_open
  and spell.posting_id = ended.posting_id
  and spell.closed_at is null;
