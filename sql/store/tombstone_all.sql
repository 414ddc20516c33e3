select id_hash, erased_at, reason from tombstone order by erased_at, id_hash;
