-- The posting that stands for all copies of one role: the one first posted, which
-- does not depend on the order in which they came.
update city.posting
set canonical_id = head.posting_id
from (
    select
        fingerprint,
        first(posting_id order by coalesce(posted_on, seen_at::date), posting_id) as posting_id
    from city.posting
    where fingerprint in (select fingerprint from touched)
    group by fingerprint
) as head
where posting.fingerprint = head.fingerprint
  and posting.canonical_id <> head.posting_id;
