-- Says which dates as stated are not believed, and ends the spells of postings
-- whose last day had passed when their board was last swept.
update city.posting
set date_flag = city.date_doubt(posting.posted_on, posting.closed_on, posting.seen_at)
from fresh
where posting.posting_id = fresh.posting_id
  and city.date_doubt(fresh.posted_on, fresh.closed_on, fresh.seen_at) is not null;

-- As effect.sql does for a sweep that comes later than the posting.
update city.spell
set
    closed_at = greatest(spell.opened_at, fresh.closed_on::timestamp + interval 1 day),
    last_listed_at = greatest(spell.opened_at, least(spell.last_listed_at, fresh.closed_on::timestamp + interval 1 day)),
    closed_reason = 'expired'
from fresh
join city.board using (board_id)
where spell.posting_id = fresh.posting_id
  and spell.closed_at is null
  and fresh.closed_on < greatest(board.last_complete_at, case when board.last_verdict <> 'failed' then board.last_sweep_at end)::date
  and fresh.closed_on >= coalesce(fresh.posted_on, date '1990-01-01');

-- A spell goes on when its source had moved the last day before it was asked: the
-- sweep that ended the spell did not know that yet.
update city.spell
set closed_at = null, closed_reason = null, last_listed_at = greatest(spell.last_listed_at, moved.seen_at)
from (
    select
        fresh.posting_id,
        any_value(fresh.seen_at) as seen_at,
        max(last_spell.opened_at) as opened_at
    from fresh
    join city.spell as last_spell using (posting_id)
    join city.board on board.board_id = fresh.board_id
    where fresh.changed
      and coalesce(fresh.closed_on >= board.last_sweep_at::date, true)
    group by fresh.posting_id
    having count(last_spell.closed_at) = count(*)
) as moved
where spell.posting_id = moved.posting_id
  and spell.opened_at = moved.opened_at
  and spell.closed_reason = 'expired'
  and moved.seen_at >= spell.closed_at
  and moved.seen_at < spell.closed_at + interval 7 days;
