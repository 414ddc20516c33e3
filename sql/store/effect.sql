-- What each sweep may do. One that is known already is left out. One that began
-- before the board's last complete one came too late and does nothing. Only a
-- complete sweep closes; an empty one after a full one only as the third in a
-- row, over at least 48 hours. A failed sweep neither counts nor interrupts.
create or replace temp table effect as
with placed as (
    select
        swept.*,
        board.last_complete_at,
        coalesce(board.empty_sweeps, 0) as empty_before,
        board.empty_since as empty_since_before,
        swept.verdict <> 'failed' and swept.started_at >= coalesce(board.last_complete_at, swept.started_at) as opens
    from swept
    left join city.board using (board_id)
    anti join city.sweep as known
        on known.board_id = swept.board_id
        and known.started_at = swept.started_at
        and known.finished_at = swept.finished_at
        and known.verdict = swept.verdict
),
counted as (
    select
        *,
        opens and verdict = 'complete' and listed = 0 as is_empty,
        opens and listed > 0 as is_full,
        case when is_empty then empty_before + 1 when is_full then 0 else empty_before end as empty_sweeps,
        case when is_empty then coalesce(empty_since_before, started_at) when not is_full then empty_since_before end as empty_since
    from placed
),
last_full as (
    select
        known.board_id,
        max(known.started_at) as last_full_at
    from city.sweep as known
    join counted using (board_id)
    where known.verdict = 'complete'
      and known.listed > 0
    group by known.board_id
)
select
    counted.*,
    opens and verdict = 'complete' and (is_full or (empty_sweeps >= 3 and started_at - empty_since >= interval 48 hours)) as closes,
    -- A board is a stranger until a complete sweep has listed something, or has
    -- been empty for long enough to be believed.
    last_full_at is null
        and not (empty_before >= 3 and last_complete_at - empty_since_before >= interval 48 hours) as unseen,
    -- The last sweep before this one that listed all there was.
    case when is_empty or empty_before > 0 then last_full_at else last_complete_at end as listed_at
from counted
left join last_full using (board_id);

-- Postings that open now: listed, not said to be closed, and not in an open spell.
create or replace temp table opened as
select distinct
    swept_listed.posting_id,
    effect.board_id,
    effect.started_at,
    effect.unseen as left_truncated
from swept_listed
join effect using (board_id)
anti join swept_closed on swept_closed.posting_id = swept_listed.posting_id
anti join (select posting_id from city.spell where closed_at is null) as open_now on open_now.posting_id = swept_listed.posting_id
where effect.opens;

-- Spells that end now: because the source says so, on the day it says, or because
-- a sweep that may close does not list the posting. No spell ends before it
-- began, nor after the sweep that saw its end.
create or replace temp table ended as
with said as (
    select
        swept_closed.posting_id,
        effect.board_id,
        min(least(swept_closed.closed_on, effect.started_at)) as closed_at,
        first(swept_closed.reason order by swept_closed.closed_on) as reason
    from swept_closed
    join effect using (board_id)
    where effect.opens
    group by all
),
ending as (
    select
        spell.posting_id,
        spell.board_id,
        spell.opened_at,
        greatest(said.closed_at, spell.opened_at) as closed_at,
        said.reason
    from city.spell
    join said using (posting_id, board_id)
    where spell.closed_at is null
    union all
    select
        spell.posting_id,
        spell.board_id,
        spell.opened_at,
        greatest(effect.started_at, spell.opened_at) as closed_at,
        'vanished' as reason
    from city.spell
    join effect using (board_id)
    anti join swept_listed on swept_listed.posting_id = spell.posting_id
    anti join swept_closed on swept_closed.posting_id = spell.posting_id
    where effect.closes
      and spell.closed_at is null
)
select
    ending.posting_id,
    ending.board_id,
    true as was_open,
    ending.opened_at,
    ending.closed_at,
    least(greatest(ending.opened_at, effect.listed_at), ending.closed_at) as last_listed_at,
    ending.reason
from ending
join effect using (board_id)
union all
-- Said to be closed, and never seen open.
select
    said.posting_id,
    said.board_id,
    false as was_open,
    said.closed_at as opened_at,
    said.closed_at,
    said.closed_at as last_listed_at,
    said.reason
from said
anti join city.spell using (posting_id);

-- The components of copies whose runs, and the postings whose roles, may be others
-- afterwards.
create or replace temp table touched as
select distinct copies_id
from city.posting
semi join (select posting_id from opened union all select posting_id from ended) as seen using (posting_id)
where copies_id is not null;

create or replace temp table arrived as
select posting_id
from opened
limit 0;
