-- The components of copies that lose a posting.
create or replace temp table touched as
select distinct copies_id
from city.posting
semi join erased using (posting_id)
where copies_id is not null;

create or replace temp table arrived as
select
    posting_no,
    null::integer as no_before,
    0::ubigint as text_id
from city.posting
limit 0;
