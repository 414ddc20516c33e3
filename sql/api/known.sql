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
select 'metric', metric from metric
union all
select distinct 'source', source from board
union all
select distinct 'country', country from area
union all
select distinct 'employer', employer_id from employer where employer_id <> ''
order by kind, id;
