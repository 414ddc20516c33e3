-- The posting that stands for a role: the first of a run of copies. A copy belongs
-- to the run when it opens at most repost_gap days after the run was last visible;
-- one that opens later is a new role. A posting is visible until it closes, else
-- until a complete sweep last listed it; on a board that was never swept
-- completely nothing tells, and it is visible on the day it opened.
create or replace temp table member as
with visible as (
    select
        spell.posting_id,
        min(spell.opened_at)::date as opened_on,
        arg_min(spell.left_truncated, spell.opened_at) as left_truncated,
        max(coalesce(spell.closed_at, if(board.last_complete_at is null, null, greatest(spell.last_listed_at, board.last_complete_at))))::date as until
    from city.spell
    left join city.board using (board_id)
    where spell.posting_id in (select posting_id from city.posting semi join touched using (copies_id))
    group by spell.posting_id
),
dated as (
    select
        posting.posting_id,
        posting.copies_id,
        posting.canonical_id,
        posting.standing,
        case
            when posting.posted_on between date '1990-01-01' and posting.seen_at::date + 1 then posting.posted_on
            when not visible.left_truncated then visible.opened_on
        end as new_on,
        case
            when posting.posted_on between date '1990-01-01' and posting.seen_at::date + 1 then posting.posted_on
            else least(posting.seen_at::date, visible.opened_on)
        end as opens_on,
        greatest(opens_on, visible.until) as until
    from city.posting
    semi join touched using (copies_id)
    left join visible using (posting_id)
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
    posting_id,
    canonical_id,
    standing,
    new_on,
    first_value(posting_id) over (partition by copies_id, nth order by opens_on, posting_id) as head
from run;

update city.posting
set canonical_id = member.head
from member
where posting.posting_id = member.posting_id
  and member.canonical_id <> member.head;

-- Copies under another employer: the same words, first offered by somebody else.
-- They are told, and not counted as one.
create or replace temp table shared_text as
with several as (
    select text_id
    from city.posting_sketch
    where text_id in (select text_id from arrived where text_id <> 0)
    group by text_id
    having count(distinct set_id) > 1
),
same as (
    select
        sketch.text_id,
        posting.posting_id,
        posting.canonical_id,
        nullif(posting.employer_id, '') as employer_id,
        posting.copied_from,
        coalesce(posting.posted_on, posting.seen_at::date) as on_day
    from city.posting_sketch as sketch
    join city.posting using (posting_id)
    where sketch.text_id in (from several)
)
select
    posting_id,
    copied_from,
    first_value(employer_id) over first_come as first_employer,
    if(employer_id is null or employer_id = first_employer, null, first_value(canonical_id) over first_come) as from_role
from same
window first_come as (partition by text_id order by employer_id is null, on_day, posting_id rows between unbounded preceding and unbounded following);

update city.posting
set copied_from = shared.from_role
from shared_text as shared
where posting.posting_id = shared.posting_id
  and shared.from_role is distinct from shared.copied_from;
