-- The posting that stands for a role: the first of a run of copies. A copy belongs
-- to the run when it opens at most repost_gap days after the run was last visible;
-- one that opens later is a new role. A posting is visible until it closes, else
-- until a complete sweep last listed it; on a board that was never swept
-- completely nothing tells, and it is visible on the day it opened.
create or replace temp table member as
with copy as materialized (
    select posting_no
    from city.posting
    where copies_id in (from touched)
),
stored as materialized (
    select posting_no, posting_key, posting_id, copies_id, canonical_id, standing, posted_on, seen_at
    from city.posting
    where posting_no in (from copy)
),
visible as (
    select
        spell.posting_key,
        min(spell.opened_at)::date as opened_on,
        arg_min(spell.left_truncated, spell.opened_at) as left_truncated,
        max(coalesce(spell.closed_at, if(board.last_complete_at is null, null, greatest(spell.last_listed_at, board.last_complete_at))))::date as until
    from city.spell
    left join city.board using (board_id)
    where spell.posting_key in (select posting_key from stored)
    group by spell.posting_key
),
dated as (
    select
        stored.posting_no,
        stored.posting_id,
        stored.copies_id,
        stored.canonical_id,
        stored.standing,
        case
            when stored.posted_on between date '1990-01-01' and stored.seen_at::date + 1 then stored.posted_on
            when not visible.left_truncated then visible.opened_on
        end as new_on,
        case
            when stored.posted_on between date '1990-01-01' and stored.seen_at::date + 1 then stored.posted_on
            else least(stored.seen_at::date, visible.opened_on)
        end as opens_on,
        greatest(opens_on, visible.until) as until
    from stored
    left join visible using (posting_key)
),
placed as (
    select
        *,
        opens_on > max(until) over before + getvariable('repost_gap') as starts
    from dated
    window before as (partition by copies_id order by opens_on, posting_id rows between unbounded preceding and 1 preceding)
),
run as (
    select
        *,
        count(*) filter (where starts) over (partition by copies_id order by opens_on, posting_id rows unbounded preceding) as nth
    from placed
)
select
    posting_no,
    canonical_id,
    standing,
    new_on,
    first_value(posting_no) over first_come as head_no,
    first_value(posting_id) over first_come as head
from run
window first_come as (partition by copies_id, nth order by opens_on, posting_id);

update city.posting
set canonical_id = member.head
from (select posting_no, head from member where head <> canonical_id) as member
where posting.posting_no = member.posting_no;
