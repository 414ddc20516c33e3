-- What changed in postings that are replaced, before they are.
insert into city.posting_change
select
    fresh.posting_id,
    fresh.seen_at,
    stored.fingerprint = fresh.fingerprint as same_text,
    stored.posted_on as posted_before,
    fresh.posted_on
from fresh
join city.posting as stored on stored.posting_no = fresh.no_before
where fresh.changed
  and stored.content_hash <> fresh.content_hash
order by fresh.seen_at, fresh.posting_id;
