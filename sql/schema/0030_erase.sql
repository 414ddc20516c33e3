-- What was erased on demand, and must not come back: by hash of the posting's id.
create table tombstone (
    id_hash   varchar not null, -- SHA-256 of the posting's id, in hex
    erased_at timestamp not null,
    reason    varchar not null  -- url, employer
);

-- What the content depends on beside the streams. The version of the data has
-- all of it, so that kept answers end with it.
create table revision (part varchar not null, value varchar not null);

-- How postings were tagged under the taxonomy before the one they are tagged
-- under now: for series under both over the same postings. Only the last one
-- before is kept.
create table posting_before (
    posting_id varchar not null,
    taxonomy   varchar not null,
    standing   varchar not null,
    district   varchar,
    street     varchar
);
create table posting_skill_before (posting_id varchar not null, skill varchar not null);
