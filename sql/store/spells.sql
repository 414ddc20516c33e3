insert into city.spell
select posting_id, board_id, started_at, left_truncated, started_at, null, null
from opened
order by board_id, posting_id;

update city.spell
set closed_at = ended.closed_at, last_listed_at = ended.last_listed_at, closed_reason = ended.reason
from ended
where ended.was_open
  and spell.posting_id = ended.posting_id
  and spell.closed_at is null;

insert into city.spell
select posting_id, board_id, opened_at, true, last_listed_at, closed_at, reason
from ended
where not was_open
order by board_id, posting_id;
