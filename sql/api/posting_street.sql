-- name:   posting_street
-- title:  The streets a posting lives in
-- param:  id text -- the posting's id
-- column: id text, weight double
select
    street as id,
    weight
from posting_street
where posting_id = $id::text
order by weight desc, id;
