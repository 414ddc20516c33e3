-- Which sets of words must find their near copies: new ones, and those of a
-- component that loses a posting.
create or replace temp table component_left as
select distinct copies_id
from city.posting
where posting_no in (select no_before from fresh where changed)
  and copies_id is not null;

create or replace temp table set_gone as
select set_id
from city.copy_set
semi join component_left using (copies_id)
where set_id not in (
    select set_id
    from city.posting_sketch
    where posting_no not in (select no_before from fresh where changed)
      and set_id in (select set_id from city.copy_set semi join component_left using (copies_id))
)
  and set_id not in (select sketch_set from fresh);

create or replace temp table set_known as
select set_id, copies_id
from city.copy_set
where set_id in (select sketch_set from fresh);

create or replace temp table set_linking as
select
    set_id,
    group_id,
    words,
    other,
    bands,
    false as is_new
from city.copy_set
where copies_id in (from component_left)
  and set_id not in (from set_gone)
union all
select
    sketch_set,
    first(sketch_group),
    first(sketch_words),
    first(sketch_other),
    first(sketch_bands),
    true
from fresh
where sketch_set not in (select set_id from set_known)
group by sketch_set;

-- The sets that share a group and a band with one of them. Up to fifty rows DuckDB
-- finds by their place without reading the others; more are found faster by their id.
create or replace temp table set_near as
with banded as (
    select
        rowid as row_no,
        set_id,
        group_id,
        unnest(bands) as band
    from city.copy_set
    where group_id in (select group_id from set_linking)
      and copies_id not in (from component_left)
),
wanted as materialized (
    select distinct row_no, set_id
    from banded
    semi join (select group_id, unnest(bands) as band from set_linking) as linking using (group_id, band)
)
select set_id, group_id, copies_id, words, other, bands
from city.copy_set
where rowid in (select row_no from wanted where (select count(*) from wanted) <= 50)
union all
select set_id, group_id, copies_id, words, other, bands
from city.copy_set
where set_id in (select set_id from wanted where (select count(*) from wanted) > 50);
