-- Puts the sets and components of copies right. set_component says in which
-- component each linked set is now, component_merged which components are another
-- one now.
delete from city.copy_set where set_id in (from set_gone);
delete from city.posting_sketch where posting_id in (select posting_id from fresh where changed);
insert into city.posting_sketch select posting_id, sketch_set, sketch_text from fresh;

update city.copy_set
set copies_id = merged.now
from component_merged as merged
where copy_set.copies_id = merged.before;

update city.copy_set
set copies_id = component.copies_id
from set_component as component
where copy_set.set_id = component.set_id
  and copy_set.copies_id <> component.copies_id;

insert into city.copy_set
select set_id, group_id, component.copies_id, words, other, bands
from set_linking
join set_component as component using (set_id)
anti join city.copy_set as known using (set_id)
order by set_id;

-- Postings that are new, or whose component was another one.
create or replace temp table component_moved as
select sketch.posting_id, moved.copies_id
from city.posting_sketch as sketch
join (
    select set_id, copies_id
    from city.copy_set
    where set_id in (select sketch_set from fresh union select set_id from set_component)
       or copies_id in (select now from component_merged)
) as moved using (set_id);

update city.posting
set copies_id = moved.copies_id
from component_moved as moved
where posting.posting_id = moved.posting_id
  and posting.copies_id is distinct from moved.copies_id;

create or replace temp table touched as
select distinct copies_id from component_moved;
