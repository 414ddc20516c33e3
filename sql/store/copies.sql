-- The sets of words of the fresh postings, and the new ones among them.
insert into city.posting_sketch by name
select
    posting_id,
    posting_no,
    sketch_set as set_id,
    sketch_text as text_id
from fresh;

insert into city.copy_set
select set_id, group_id, component.copies_id, words, other, bands
from set_linking
join set_component as component using (set_id)
where is_new
order by set_id;
