-- name:   posting_evidence
-- title:  The words that earned a posting its tags
-- param:  id text -- the posting's id
-- column: tag text, rule text, start bigint, end bigint, text text, section text, weight double
select
    tag,
    rule,
    start_byte::bigint as start,
    end_byte::bigint as "end",
    words as text,
    section,
    weight
from posting_evidence
where posting_no = (select posting_no from posting where posting_key = key_of($id::text) and posting_id = $id::text)
order by tag, start_byte, end_byte, rule;
