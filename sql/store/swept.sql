-- Where sweeps land before they are applied; a board occurs once.
create or replace temp table swept (
    board_id varchar, source varchar, board varchar, employer varchar, url varchar, started_at timestamp, finished_at timestamp,
    verdict varchar, reason varchar, not_modified boolean, listed integer, published integer, rejected integer, requests integer
);
create or replace temp table swept_listed (board_id varchar, posting_id varchar);
create or replace temp table swept_closed (board_id varchar, posting_id varchar, closed_on date, reason varchar);
