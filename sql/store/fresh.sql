-- What of the incoming rows counts: the latest of each posting, if the posting is
-- new, if its content changed later than what is stored, or if the same content
-- was tagged under another taxonomy.
create or replace temp table fresh as
with latest as (
    select *
    from incoming
    qualify row_number() over (partition by posting_id order by seen_at desc, content_hash, taxonomy) = 1
)
select
    latest.*,
    stored.posting_id is not null as changed
from latest
left join city.posting as stored using (posting_id)
where stored.posting_id is null
   or (latest.content_hash <> stored.content_hash and latest.seen_at > stored.seen_at)
   or (latest.content_hash = stored.content_hash and latest.taxonomy <> stored.taxonomy and latest.seen_at >= stored.seen_at);

-- The fingerprints whose groups of copies may look different afterwards.
create or replace temp table touched as
select fingerprint
from fresh
union
select stored.fingerprint
from city.posting as stored
join fresh using (posting_id)
where fresh.changed;

-- Every posting whose role may be another one afterwards.
create or replace temp table touched_posting as
select
    posting_id,
    bool_or(fresh) as fresh
from (
    select posting_id, true as fresh from fresh
    union all
    select posting_id, false from city.posting semi join touched using (fingerprint)
)
group by posting_id;
