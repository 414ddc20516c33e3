-- In which component of copies each fresh posting is: set_component says it of each set
-- that was linked, component_merged which components are another one now.
create or replace temp table fresh_copies as
select
    fresh.posting_no,
    coalesce(component.copies_id, merged.now, known.copies_id) as copies_id
from fresh
left join set_component as component on component.set_id = fresh.sketch_set
left join set_known as known on known.set_id = fresh.sketch_set
left join component_merged as merged on merged.before = known.copies_id;

create or replace temp table touched as
select distinct copies_id
from fresh_copies;
