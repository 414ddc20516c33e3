-- Puts the components right that are another one now, with their postings.
update city.copy_set
set copies_id = merged.now
from component_merged as merged
where copy_set.copies_id = merged.before;

create or replace temp table component_moved as
select sketch.posting_no, moved.copies_id
from city.posting_sketch as sketch
join (
    select set_id, copies_id
    from city.copy_set
    where set_id in (select set_id from set_component)
       or copies_id in (select now from component_merged)
) as moved using (set_id);

update city.posting
set copies_id = moved.copies_id
from component_moved as moved
where posting.posting_no = moved.posting_no
  and posting.copies_id is distinct from moved.copies_id;

insert into touched
select distinct copies_id
from component_moved
where copies_id not in (from touched);
