-- name:   posting_street
-- title:  The streets a posting lives in
-- param:  id text -- the posting's id
-- column: id text, weight double
select
    street as id,
    weight
from posting_street
where posting_no = (select posting_no from posting where posting_key = key_of($id::text) and posting_id = $id::text)
order by weight desc, id;
