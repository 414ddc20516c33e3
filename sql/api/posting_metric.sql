-- name:   posting_metric
-- title:  The district metrics a posting names
-- param:  id text -- the posting's id
-- column: id text
select
    metric as id
from posting_metric
where posting_no = (select posting_no from posting where posting_key = key_of($id::text) and posting_id = $id::text)
order by id;
