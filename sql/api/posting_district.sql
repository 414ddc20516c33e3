-- name:   posting_district
-- title:  The districts a posting lives in
-- param:  id text -- the posting's id
-- column: id text, weight double
select
    district as id,
    weight
from posting_district
where posting_no = (select posting_no from posting where posting_key = key_of($id::text) and posting_id = $id::text)
order by weight desc, id;
