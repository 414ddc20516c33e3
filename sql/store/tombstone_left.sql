select posting_id from posting where sha256(posting_id) in (select id_hash from tombstone)
union
select posting_id from spell where sha256(posting_id) in (select id_hash from tombstone);
