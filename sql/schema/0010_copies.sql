-- What tells copies: each posting's set of words, and each distinct set once.
-- text_id is equal for the same words under another employer or title; it is 0
-- when there are too few words to tell.
create table posting_sketch (posting_id varchar not null, set_id ubigint not null, text_id ubigint not null);
create table copy_set (
    set_id    ubigint not null,
    group_id  ubigint not null,  -- employer and title
    copies_id ubigint not null,  -- the least set_id of all sets that near copies connect
    words     uinteger[] not null, -- of the role
    other     uinteger[] not null, -- of the rest of the text
    bands     ubigint[] not null
);

-- How many postings offer each role, where, and how long.
create view role_size as
select
    canonical_id,
    count(*) as postings,                                      -- intensity: postings that make one role
    count(distinct board_id) as boards,
    count(distinct coalesce(posted_on, seen_at::date)) - 1 as reposts, -- days on which it was offered anew
    min(coalesce(posted_on, seen_at::date)) as first_on,
    max(coalesce(posted_on, seen_at::date)) as last_on
from posting
group by canonical_id;
