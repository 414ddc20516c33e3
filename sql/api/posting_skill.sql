-- name:   posting_skill
-- title:  The skills a posting names
-- param:  id text -- the posting's id
-- column: id text, name text, need text
select
    posting_skill.skill as id,
    coalesce(skill.name, posting_skill.skill) as name,
    posting_skill.need
from posting_skill
left join skill using (skill)
where posting_skill.posting_no = (select posting_no from posting where posting_key = key_of($id::text) and posting_id = $id::text)
order by list_position(['must', 'nice', 'mention'], posting_skill.need), id;
