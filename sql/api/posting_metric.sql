-- name:   posting_metric
-- title:  The district metrics a posting names
-- param:  id text -- the posting's id
-- column: id text
select
    metric as id
from posting_metric
where posting_id = $id::text
order by id;
