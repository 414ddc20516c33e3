-- name:   search_skills
-- title:  The skills that postings mention
-- param:  ids text -- ids of postings with commas between
-- column: id text, skills text
select
    posting_skill.posting_id as id,
    string_agg(coalesce(skill.name, posting_skill.skill), ', ' order by posting_skill.need, posting_skill.skill) as skills
from posting_skill
left join skill on skill.skill = posting_skill.skill
where posting_skill.posting_id in (select unnest(string_split($ids::text, ',')))
group by posting_skill.posting_id
order by id;
