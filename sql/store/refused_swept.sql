delete from temp.main.swept_listed where sha256(posting_id) in (select id_hash from city.tombstone);
delete from temp.main.swept_closed where sha256(posting_id) in (select id_hash from city.tombstone);
