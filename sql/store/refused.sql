-- Rows of postings that were erased do not come back.
delete from temp.main.incoming where sha256(posting_id) in (select id_hash from city.tombstone);
