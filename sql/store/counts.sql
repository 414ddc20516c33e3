select
    (select count(*) from city.board) as boards,
    (select count(*) from city.posting) as postings,
    (select count(*) from city.posting where posting_id = canonical_id) as unique_postings,
    (select count(*) from city.spell where closed_at is null) as open_spells,
    (select count(*) from city.sweep) as sweeps,
    (select max(seen_at) from city.posting) as newest_posting,
    (select max(started_at) from city.sweep) as newest_sweep,
    (select taxonomy from city.taxonomy order by since desc limit 1) as taxonomy;
