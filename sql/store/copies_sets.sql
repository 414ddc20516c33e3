-- Which sets of words must find their near copies: new ones, and those of a
-- component that loses a posting.
create or replace temp table component_left as
select distinct stored.copies_id
from fresh
join city.posting as stored using (posting_id)
where fresh.changed
  and stored.copies_id is not null;

create or replace temp table set_gone as
select set_id
from city.copy_set
semi join component_left using (copies_id)
where set_id not in (
    select sketch.set_id
    from city.posting_sketch as sketch
    anti join (select posting_id from fresh where changed) as changing using (posting_id)
    where sketch.set_id in (select set_id from city.copy_set semi join component_left using (copies_id))
)
  and set_id not in (select sketch_set from fresh);

create or replace temp table set_linking as
select set_id, group_id, words, other, bands
from city.copy_set
where copies_id in (from component_left)
  and set_id not in (from set_gone)
union all
select
    sketch_set,
    first(sketch_group),
    first(sketch_words),
    first(sketch_other),
    first(sketch_bands)
from fresh
where sketch_set not in (select set_id from city.copy_set where set_id in (select sketch_set from fresh))
group by sketch_set;

create or replace temp table set_near as
select set_id, group_id, copies_id, words, other, bands
from city.copy_set
where group_id in (select group_id from set_linking)
  and copies_id not in (from component_left);
