-- What each sweep may do. A sweep that began before the board's last complete one
-- came too late and does nothing. Only a complete sweep closes; an empty one
-- after a full one only as the third in a row, over at least 48 hours.
create or replace temp table effect as
with stated as (
    select
        swept.*,
        board.first_sweep_at,
        board.last_complete_at,
        swept.verdict <> 'failed' and swept.started_at >= coalesce(board.last_complete_at, swept.started_at) as opens,
        case when swept.verdict = 'complete' and swept.listed = 0 then coalesce(board.empty_sweeps, 0) + 1 else 0 end as empty_sweeps,
        case when swept.verdict = 'complete' and swept.listed = 0 then coalesce(board.empty_since, swept.started_at) end as empty_since
    from swept
    left join city.board using (board_id)
)
select
    *,
    opens and verdict = 'complete'
        and (listed > 0 or (empty_sweeps >= 3 and started_at - empty_since >= interval 48 hours)) as closes
from stated;

-- Postings that open now: listed, and not in an open spell.
create or replace temp table opened as
select distinct
    swept_listed.posting_id,
    effect.board_id,
    effect.started_at,
    effect.last_complete_at is null as left_truncated
from swept_listed
join effect using (board_id)
anti join swept_closed on swept_closed.posting_id = swept_listed.posting_id
anti join (select posting_id from city.spell where closed_at is null) as open_now on open_now.posting_id = swept_listed.posting_id
where effect.opens;

-- Open spells that end now because a sweep that may close does not list them.
create or replace temp table vanished as
select
    spell.posting_id,
    effect.board_id,
    greatest(effect.started_at, spell.opened_at) as closed_at,
    greatest(spell.last_listed_at, effect.last_complete_at) as last_listed_at
from city.spell
join effect using (board_id)
anti join swept_listed on swept_listed.posting_id = spell.posting_id
anti join swept_closed on swept_closed.posting_id = spell.posting_id
where effect.closes
  and spell.closed_at is null;
