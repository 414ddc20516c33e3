-- What happened to postings over time, beyond their spells.

-- One row each time a posting's content was seen to change. A posting tagged anew
-- under another taxonomy has not changed.
create table posting_change (
    posting_id    varchar not null,
    seen_at       timestamp not null, -- when the new content was fetched, UTC
    same_text     boolean not null,   -- employer, title and text are as they were
    posted_before date,               -- as the source stated it until then
    posted_on     date                -- as the source states it since
);

-- Why dates as a source states them are not believed, null if they are.
create macro date_doubt(posted_on, closed_on, seen_at) as nullif(concat_ws(', ',
    case when posted_on > seen_at::date + 1 then 'posted in the future' end,
    case when posted_on < date '1990-01-01' then 'posted too long ago' end,
    case when closed_on < posted_on then 'closed before posted' end,
    case when closed_on < date '1990-01-01' then 'closed too long ago' end,
    case when closed_on > seen_at::date + 3653 then 'closes too far ahead' end), '');

update posting
set date_flag = date_doubt(posted_on, closed_on, seen_at)
where date_doubt(posted_on, closed_on, seen_at) is not null;

-- Sweeps of a board that began before its last complete one: how many came in a
-- row, each later than the one before. One is a straggler and does nothing; with
-- the third, it was the clock of the last complete one that was wrong.
create table late_sweep (board_id varchar not null, started_at timestamp not null, in_a_row integer not null);

-- Each time a crawler's clock was found to have been ahead: the board, what the
-- wrong clock said last, and what the right one says.
create table clock_jump (board_id varchar not null, wrong_at timestamp not null, right_at timestamp not null);

-- When a board last showed all that it lists: its last complete sweep, or, while
-- it seems to be empty and that is not believed yet, the last one that listed
-- something. newest_at is when the last tenth of the boards were swept: the clock of
-- the views, which no single board can put wrong.
create view board_listing as
with full_sweep as (
    select
        board_id,
        max(started_at) as last_full_at
    from sweep
    where verdict = 'complete'
      and listed > 0
    group by board_id
)
select
    board.board_id,
    case when board.empty_sweeps = 0 then board.last_complete_at else full_sweep.last_full_at end as listed_at,
    board.last_sweep_at,
    quantile_disc(board.last_sweep_at, 0.9) over () as newest_at
from board
left join full_sweep using (board_id);

-- One row for each posting that was ever listed or said to be closed, by its last
-- spell:
--   open      listed when its board last answered
--   reopened  open again after an earlier spell had ended
--   unseen    not closed, but not listed for 48 hours although its board was tried
--             since, or its board was not tried for 14 days while others were. It
--             may be open or not: durations end where it was last listed
--   closed    ended: reason is vanished (a complete sweep did not list it), gone
--             (404, 410, or the page asks not to be found), expired (the last day its
--             source states has passed) or stated (the source says so)
-- opened_at is the start of the last spell; closed_at is the first moment it was
-- known to be gone. left_truncated: it was open before its board was first looked
-- at, so that it began earlier than opened_at says. right_censored: no end was seen.
create view posting_state as
with last_spell as (
    select
        posting_id,
        max_by(board_id, opened_at) as board_id,
        max(opened_at) as opened_at,
        max_by(last_listed_at, opened_at) as last_listed_at,
        max_by(left_truncated, opened_at) as left_truncated,
        count(*) as spells,
        -- Two spells may begin at one moment: the open one is the last.
        case when count(*) filter (closed_at is null) = 0 then max(closed_at) end as closed_at,
        max_by(closed_reason, closed_at) as reason
    from spell
    group by posting_id
),
looked as (
    select
        last_spell.* replace (
            case when closed_at is null then greatest(last_listed_at, board_listing.listed_at) else last_listed_at end as last_listed_at,
            case when closed_at is not null then reason end as reason
        ),
        board_listing.last_sweep_at,
        board_listing.newest_at
    from last_spell
    left join board_listing using (board_id)
)
select
    posting_id,
    case
        when closed_at is not null then 'closed'
        when last_sweep_at - last_listed_at >= interval 48 hours or newest_at - last_sweep_at >= interval 14 days then 'unseen'
        when spells > 1 then 'reopened'
        else 'open'
    end as state,
    opened_at,
    last_listed_at,
    closed_at,
    reason,
    spells,
    left_truncated,
    closed_at is null as right_censored
from looked;

-- The times a role was visible: one row each. Spells of a role and its copies that
-- lie no more than gap_days apart are one visible time. All times are in days,
-- rounded to halves, since the role first stood there: entered is how old it was
-- when we began to look, left_at how old when it ended (ended) or was last listed
-- (not ended). What vanished did so between its last listing and the first sweep
-- without it, and counts as ended in the middle. A role that was there before its
-- board was first looked at begins on the day its source states, and enters late;
-- where none is stated, its age is unknown and it is left out. Threads of Hacker News
-- keep their posts for ever, so that these have no such time.
create macro visible_time(gap_days) as table
with role_spell as (
    select
        posting.canonical_id as posting_id,
        spell.opened_at,
        spell.left_truncated,
        spell.closed_at is not null as ended,
        greatest(spell.opened_at, case
            when spell.closed_at is null then greatest(spell.last_listed_at, board_listing.listed_at)
            when spell.closed_reason = 'vanished' then spell.last_listed_at + (spell.closed_at - spell.last_listed_at) / 2
            else spell.closed_at
        end) as left_at
    from spell
    join posting using (posting_id)
    left join board_listing on board_listing.board_id = spell.board_id
    where posting.source <> 'hn'
),
reached as (
    select
        *,
        max(left_at) over (partition by posting_id order by opened_at, left_at rows between unbounded preceding and 1 preceding) as left_before
    from role_spell
),
numbered as (
    select
        *,
        count(*) filter (left_before is null or opened_at > left_before + gap_days * interval 1 day)
            over (partition by posting_id order by opened_at, left_at rows unbounded preceding) as nth
    from reached
),
joined as (
    select
        posting_id,
        nth,
        min(opened_at) as opened_at,
        min_by(left_truncated, opened_at) as left_truncated,
        max(left_at) as left_at,
        bool_and(ended) as ended
    from numbered
    group by posting_id, nth
),
-- The day that was stated before it was ever seen to be moved.
first_stated as (
    select
        posting_id,
        min_by(posted_before, seen_at) as posted_on
    from posting_change
    where posted_before is not null
    group by posting_id
),
begun as (
    select
        joined.*,
        coalesce(first_stated.posted_on, posting.posted_on) as stated_on,
        case
            when not joined.left_truncated then joined.opened_at
            when stated_on between date '1990-01-01' and posting.seen_at::date + 1 then least(stated_on::timestamp, joined.opened_at)
        end as began_at
    from joined
    join posting using (posting_id)
    left join first_stated using (posting_id)
)
select
    posting_id,
    began_at,
    left_truncated,
    round(epoch(opened_at - began_at) / 43200) / 2 as entered,
    greatest(round(epoch(left_at - began_at) / 43200) / 2, round(epoch(opened_at - began_at) / 43200) / 2 + if(ended and left_at > opened_at, 0.5, 0)) as left_at,
    ended
from begun
where began_at is not null;

-- Boards of one source that show the same postings under their own ids: a board
-- that was renamed, or is crawled under two names. shared is how many postings have
-- the same id at the source and the same employer, title and text on both; the
-- roles count once, since they are copies.
create view board_overlap as
select
    one.board_id,
    other.board_id as other_board_id,
    count(*) as shared
from posting as one
join posting as other
    on other.source = one.source
    and other.native_id = one.native_id
    and other.fingerprint = one.fingerprint
    and other.board_id > one.board_id
group by one.board_id, other.board_id;
