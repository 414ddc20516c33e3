-- name:   posting_place
-- title:  The places of a posting
-- param:  id text -- the posting's id
-- column: country text, region text, city text
select
    country,
    region,
    city
from posting_place
where posting_no = (select posting_no from posting where posting_key = key_of($id::text) and posting_id = $id::text)
order by country, region, city;
