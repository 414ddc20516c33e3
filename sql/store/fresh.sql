-- What of the incoming rows counts: the latest of each posting, if the posting is
-- new, if its content changed later than what is stored, or if the same content
-- was tagged under another taxonomy. Each gets a new number; no_before is the one it
-- has in the tables so far. The rows stay where they are: they are wide.
create or replace temp table counting as
with latest as (
    select
        rowid as row_no,
        posting_id,
        city.key_of(posting_id) as posting_key,
        content_hash,
        seen_at,
        taxonomy
    from incoming
    qualify row_number() over (partition by posting_id order by seen_at desc, content_hash, taxonomy) = 1
),
known as materialized (
    select posting_no
    from city.posting
    where posting_key in (select posting_key from latest)
),
stored as (
    select posting_no, posting_id, content_hash, seen_at, taxonomy
    from city.posting
    where posting_no in (from known)
)
select
    latest.row_no,
    latest.posting_key,
    nextval('city.posting_number')::integer as posting_no,
    stored.posting_no as no_before
from latest
left join stored using (posting_id)
where stored.posting_id is null
   or (latest.content_hash <> stored.content_hash and latest.seen_at > stored.seen_at)
   or (latest.content_hash = stored.content_hash and latest.taxonomy <> stored.taxonomy and latest.seen_at >= stored.seen_at);

drop table if exists temp.main.fresh;
alter table temp.main.incoming rename to fresh;
alter table temp.main.fresh add column posting_key ubigint;
alter table temp.main.fresh add column posting_no integer;
alter table temp.main.fresh add column no_before integer;
alter table temp.main.fresh add column changed boolean;
delete from temp.main.fresh where rowid not in (select row_no from counting);

update temp.main.fresh
set posting_key = counting.posting_key,
    posting_no = counting.posting_no,
    no_before = counting.no_before,
    changed = counting.no_before is not null
from counting
where counting.row_no = fresh.rowid;

create or replace temp table arrived as
select
    posting_no,
    no_before,
    sketch_text as text_id
from fresh;
