-- name:   employer
-- title:  An employer and its boards
-- param:  id text
-- column: id text, name text, agency boolean, domain text, boards text, postings bigint, unique_postings bigint, open_postings bigint
select
    employer.employer_id as id,
    employer.name,
    coalesce(employer.agency, false) as agency,
    employer.domain,
    string_agg(distinct posting.board_id, ',' order by posting.board_id) as boards,
    count(*) as postings,
    count(*) filter (where posting.posting_id = posting.canonical_id) as unique_postings,
    count(*) filter (where posting.posting_id in (select posting_id from spell where closed_at is null)) as open_postings
from employer
join posting using (employer_id)
where employer.employer_id = $id
group by employer.employer_id, employer.name, employer.agency, employer.domain
order by id;
