-- What pointed at erased postings points at those that are left.
update city.posting
set canonical_id = head.posting_id
from (
    select
        canonical_id,
        first(posting_id order by coalesce(posted_on, seen_at::date), posting_id) as posting_id
    from city.posting
    where canonical_id in (select posting_id from erased)
    group by canonical_id
) as head
where posting.canonical_id = head.canonical_id;

update city.posting
set copies_id = head.posting_id
from (
    select
        copies_id,
        min(posting_id) as posting_id
    from city.posting
    where copies_id in (select posting_id from erased)
    group by copies_id
) as head
where posting.copies_id = head.copies_id;

update city.posting set copied_from = null where copied_from in (select posting_id from erased);

delete from city.employer
where employer_id not in (select employer_id from city.posting);

update city.board set employer = null where employer in (select employer from erased_name);
