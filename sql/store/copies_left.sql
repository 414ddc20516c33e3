-- The sets of words of postings that changed go, and what is left of their components
-- was linked anew.
delete from city.copy_set where set_id in (from set_gone);
delete from city.posting_sketch where posting_no in (select no_before from fresh where changed);

update city.copy_set
set copies_id = component.copies_id
from set_component as component
where copy_set.set_id = component.set_id
  and copy_set.copies_id <> component.copies_id;
