-- name:   search_mark
-- title:  How far roles are numbered, and when this store was made
-- column: role_no bigint, made timestamp
select
    coalesce((select max(role_no) from role), 0)::bigint as role_no,
    (select min(since) from taxonomy) as made;
