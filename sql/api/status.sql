-- name:   status
-- title:  What is there, in numbers
-- column: boards bigint, employers bigint, sweeps bigint, sweeps_complete bigint, sweeps_partial bigint, sweeps_failed bigint
-- column: postings bigint, unique_postings bigint, open_postings bigint, core_postings bigint
-- column: newest_posting_at timestamp, newest_sweep_at timestamp
-- column: boards_silent bigint, dates_flagged bigint, clock_jumps bigint
select
    (select count(*) from board) as boards,
    (select count(distinct nullif(employer_id, '')) from posting) as employers,
    (select count(*) from sweep) as sweeps,
    (select count(*) from sweep where verdict = 'complete') as sweeps_complete,
    (select count(*) from sweep where verdict = 'partial') as sweeps_partial,
    (select count(*) from sweep where verdict = 'failed') as sweeps_failed,
    (select count(*) from posting) as postings,
    (select count(*) from unique_posting) as unique_postings,
    (select count(*) from open_posting) as open_postings,
    (select count(*) from unique_posting where standing = 'core') as core_postings,
    (select max(seen_at) from posting) as newest_posting_at,
    (select max(finished_at) from sweep) as newest_sweep_at,
    (select count(*) from board_listing where last_sweep_at - listed_at >= interval 48 hours) as boards_silent,
    (select count(*) from posting where date_flag is not null) as dates_flagged,
    (select count(*) from clock_jump) as clock_jumps;
