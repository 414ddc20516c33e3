-- name:   counts
-- title:  What there is now, in a few figures that are at hand at any size
-- doc:    Open postings are open spells, so that one whose tags are not there yet counts already.
-- column: postings bigint, roles bigint, open_postings bigint, employers bigint
-- column: boards_complete bigint, boards_partial bigint, boards_failed bigint, as_of timestamp
select
    (select count(*) from posting) as postings,
    (select count(*) from role) as roles,
    (select count(*) from spell where closed_at is null) as open_postings,
    (select count(distinct employer_id) from employer where employer_id <> '') as employers,
    count(*) filter (where last_verdict = 'complete') as boards_complete,
    count(*) filter (where last_verdict = 'partial') as boards_partial,
    count(*) filter (where last_verdict = 'failed') as boards_failed,
    greatest((select max(seen_at) from posting), max(last_sweep_at)) as as_of
from board;
