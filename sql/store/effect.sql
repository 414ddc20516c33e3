-- What each sweep may do. One that is known already is left out. One that began
-- before the board's last complete one came too late and does nothing. Only a
-- complete sweep closes; an empty one after a full one only as the third in a
-- row, over at least 48 hours. A failed sweep neither counts nor interrupts.
-- When the third sweep in a row, each later than the one before, begins more than
-- a day before the board's last one, then it was that one's clock that was wrong:
-- time is set right. Files, which make no requests, may be as old as they like and
-- do not count; a clock that says it is before 1990 is not believed at all.
create or replace temp table effect as
with ordered as (
    select
        swept.*,
        board.last_complete_at as complete_before,
        coalesce(board.empty_sweeps, 0) as empty_before,
        board.empty_since as empty_since_before,
        board.last_sweep_at as swept_before,
        swept.started_at >= timestamp '1990-01-01' and (swept.verdict <> 'partial' or swept.requests > 0) as is_timed,
        case
            when not is_timed then coalesce(late.in_a_row, 0)
            when swept.started_at >= coalesce(board.last_sweep_at, swept.started_at) - interval 24 hours then 0
            when late.started_at < swept.started_at then late.in_a_row + 1
            else 1
        end as behind,
        case when is_timed then swept.started_at else late.started_at end as late_at
    from swept
    left join city.board using (board_id)
    left join city.late_sweep as late on late.board_id = swept.board_id
    anti join city.sweep as known
        on known.board_id = swept.board_id
        and known.started_at = swept.started_at
        and known.finished_at = swept.finished_at
        and known.verdict = swept.verdict
),
placed as (
    select
        *,
        is_timed and behind >= 3 as resets,
        case when resets then least(complete_before, started_at) else complete_before end as last_complete_at,
        verdict <> 'failed' and started_at >= greatest(last_complete_at, timestamp '1990-01-01') as opens
    from ordered
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
      and known.started_at >= timestamp '1990-01-01'
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
    least(case when is_empty or empty_before > 0 then last_full_at else last_complete_at end, started_at) as listed_at
from counted
left join last_full using (board_id);

-- What a source says is closed: on the day it says, or when the last day that it
-- states of a posting has passed, though the posting may still be listed.
create or replace temp table said as
with open_or_listed as (
    select posting_id from city.spell where closed_at is null
    union
    select posting_id from swept_listed
),
closing as (
    select
        effect.board_id,
        swept_closed.posting_id,
        case when swept_closed.closed_on < effect.started_at::date then swept_closed.closed_on::timestamp else effect.started_at end as closed_at,
        swept_closed.reason
    from swept_closed
    join effect using (board_id)
    where effect.opens
    union all
    select
        effect.board_id,
        posting.posting_id,
        posting.closed_on::timestamp + interval 1 day as closed_at,
        'expired' as reason
    from city.posting
    join effect using (board_id)
    semi join open_or_listed on open_or_listed.posting_id = posting.posting_id
    where effect.opens
      and posting.closed_on < effect.started_at::date
      and posting.closed_on >= coalesce(posting.posted_on, date '1990-01-01')
)
select
    posting_id,
    board_id,
    min(closed_at) as closed_at,
    first(reason order by closed_at, reason) as reason
from closing
group by posting_id, board_id;

-- Postings that open now: listed, not said to be closed, and not in an open spell.
create or replace temp table opened as
select distinct
    swept_listed.posting_id,
    effect.board_id,
    effect.started_at,
    effect.unseen as left_truncated
from swept_listed
join effect using (board_id)
anti join said on said.posting_id = swept_listed.posting_id
anti join (select posting_id from city.spell where closed_at is null) as open_now on open_now.posting_id = swept_listed.posting_id
where effect.opens;

-- Spells that end now: because the source says so, or because a sweep that may
-- close does not list the posting. No spell ends before it began, nor after the
-- sweep that saw its end.
create or replace temp table ended as
with open_spell as (
    select
        spell.posting_id,
        spell.board_id,
        case when effect.resets then least(spell.opened_at, effect.started_at) else spell.opened_at end as opened_at,
        case when effect.resets then least(spell.last_listed_at, effect.started_at) else spell.last_listed_at end as last_listed_at,
        effect.started_at,
        effect.closes,
        effect.listed_at
    from city.spell
    join effect using (board_id)
    where spell.closed_at is null
),
ending as (
    select
        open_spell.*,
        greatest(said.closed_at, open_spell.opened_at) as closed_at,
        said.reason
    from open_spell
    join said using (posting_id, board_id)
    union all
    select
        open_spell.*,
        greatest(open_spell.started_at, open_spell.opened_at) as closed_at,
        'vanished' as reason
    from open_spell
    anti join swept_listed on swept_listed.posting_id = open_spell.posting_id
    anti join said on said.posting_id = open_spell.posting_id
    where open_spell.closes
)
select
    posting_id,
    board_id,
    true as was_open,
    opened_at,
    closed_at,
    least(greatest(last_listed_at, listed_at), closed_at) as last_listed_at,
    reason
from ending
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
where copies_id is not null
  and (
      posting_key in (select city.key_of(posting_id) from opened union all select city.key_of(posting_id) from ended)
      or board_id in (select board_id from effect where resets)
  );

create or replace temp table arrived as
select
    posting_no,
    null::integer as no_before,
    0::ubigint as text_id
from city.posting
limit 0;
