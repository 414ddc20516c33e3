-- name:   skill
-- title:  A skill
-- param:  id text
-- column: id text, name text, kind text, side text, mentions bigint
select
    skill as id,
    name,
    kind,
    side,
    (select count(*) from role_skill where skill = lower($id::text)) as mentions
from skill
where skill = lower($id::text)
order by id;
