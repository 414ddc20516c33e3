select posting_id from city.posting where sha256(posting_id) in (select id_hash from city.tombstone)
union
select posting_id from city.spell where sha256(posting_id) in (select id_hash from city.tombstone);
