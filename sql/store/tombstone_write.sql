insert into city.tombstone
select
    sha256(posting_id),
    $at,
    $reason
from erased
where sha256(posting_id) not in (select id_hash from city.tombstone);
