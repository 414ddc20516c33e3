-- name:   posting_facet
-- title:  The facets of a posting
-- param:  id text -- the posting's id
-- column: id text, score double
select
    facet as id,
    score
from posting_facet
where posting_no = (select posting_no from posting where posting_key = key_of($id::text) and posting_id = $id::text)
order by id;
