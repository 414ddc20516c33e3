-- name:   skills
-- title:  The skills of the taxonomy
-- param:  q text = null -- only skills whose id or name begins so, whatever the case
-- param:  kind text = null -- only this kind, such as language
-- param:  after text = null -- only ids after this one
-- param:  top bigint in 1..1000 = 100 -- at most so many
-- column: id text, name text, kind text, side text
select
    skill as id,
    name,
    kind,
    side
from skill
where ($q::text is null or starts_with(lower(skill), lower($q::text)) or starts_with(lower(name), lower($q::text)))
  and ($kind::text is null or kind = $kind)
  and ($after::text is null or skill > $after)
order by skill
limit $top::bigint;
