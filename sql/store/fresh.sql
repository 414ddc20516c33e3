-- What of the incoming rows counts: the latest of each posting, if the posting is
-- new, if its content changed later than what is stored, or if the same content
-- was tagged under another taxonomy.
create or replace temp table fresh as
with latest as (
    select *
    from incoming
    qualify row_number() over (partition by posting_id order by seen_at desc, content_hash, taxonomy) = 1
),
stored as (
    select posting_id, content_hash, seen_at, taxonomy
    from city.posting
    semi join latest using (posting_id)
)
select
    latest.*,
    stored.posting_id is not null as changed
from latest
left join stored using (posting_id)
where stored.posting_id is null
   or (latest.content_hash <> stored.content_hash and latest.seen_at > stored.seen_at)
   or (latest.content_hash = stored.content_hash and latest.taxonomy <> stored.taxonomy and latest.seen_at >= stored.seen_at);

create or replace temp table arrived as
select
    posting_id,
    changed,
    sketch_text as text_id
from fresh;
