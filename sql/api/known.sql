-- name:   known
-- title:  The ids that parameters may name
-- column: kind text, id text
select 'skill' as kind, skill as id from skill
union all
select 'district', district from district
union all
select 'street', street from street
union all
select 'facet', facet from facet
union all
select distinct 'source', source from board
order by kind, id;
