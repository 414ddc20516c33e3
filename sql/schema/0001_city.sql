-- The tables that analysts see. They carry no primary keys and no indexes:
-- duplicates are kept out when rows are applied.

create table posting (
    posting_id       varchar not null,
    content_hash     varchar not null,
    fingerprint      varchar not null, -- equal for copies: same employer, title and text
    canonical_id     varchar not null, -- the posting that stands for all copies
    source           varchar not null,
    board_id         varchar not null,
    native_id        varchar not null,
    employer_id      varchar not null,
    employer         varchar not null,
    title            varchar not null,
    url              varchar,
    department       varchar,
    team             varchar,
    posted_on        date,             -- as the source states it
    closed_on        date,             -- as the source states it
    seen_at          timestamp not null, -- when this content was fetched, UTC
    standing         varchar not null,
    district         varchar,
    street           varchar,
    technical        double not null,
    operational      double not null,
    hybrid           double not null,
    seniority        varchar not null,
    workplace        varchar not null,
    employment_type  varchar not null,
    pay_min          double,           -- as stated
    pay_max          double,
    pay_currency     varchar,
    pay_period       varchar,
    pay_annual_min   double,
    pay_annual_max   double,
    pay_rule         varchar,
    pay_structured   boolean,
    years            integer,
    degree           varchar not null,
    language         varchar not null,
    taxonomy         varchar not null,
    truncated        boolean not null
);

create table posting_district (posting_id varchar not null, district varchar not null, weight double not null);
create table posting_street (posting_id varchar not null, street varchar not null, weight double not null);
create table posting_facet (posting_id varchar not null, facet varchar not null, score double not null);
create table posting_skill (posting_id varchar not null, skill varchar not null, need varchar not null);
create table posting_place (posting_id varchar not null, country varchar, region varchar, city varchar);
create table posting_location (posting_id varchar not null, location varchar not null); -- as stated
create table posting_metric (posting_id varchar not null, metric varchar not null);

create table posting_evidence (
    posting_id varchar not null,
    tag        varchar not null,
    rule       varchar not null,
    start_byte integer not null,
    end_byte   integer not null,
    words      varchar not null,
    section    varchar not null,
    weight     double
);

create table posting_text (posting_id varchar not null, text varchar using compression zstd);

create table board (
    board_id         varchar not null,
    source           varchar not null,
    board            varchar not null,
    employer         varchar,
    url              varchar,
    first_sweep_at   timestamp not null,
    last_sweep_at    timestamp not null,
    last_verdict     varchar not null,
    last_reason      varchar,
    last_complete_at timestamp,
    empty_since      timestamp,        -- first of the present run of empty complete sweeps
    empty_sweeps     integer not null
);

create table sweep (
    board_id     varchar not null,
    started_at   timestamp not null,
    finished_at  timestamp not null,
    verdict      varchar not null,
    reason       varchar,
    not_modified boolean not null,
    listed       integer not null,
    opened       integer not null,
    closed       integer not null,
    published    integer not null,
    rejected     integer not null,
    requests     integer not null
);

create table spell (
    posting_id     varchar not null,
    board_id       varchar not null,
    opened_at      timestamp not null, -- start of the first sweep that listed it
    left_truncated boolean not null,   -- it was open before we first looked
    last_listed_at timestamp not null, -- start of the last sweep known to list it
    closed_at      timestamp,          -- start of the first complete sweep without it
    closed_reason  varchar             -- vanished, stated, gone, expired
);

create table employer (employer_id varchar not null, name varchar not null);
create table district (district varchar not null, name varchar not null);
create table street (street varchar not null, district varchar not null, name varchar not null);
create table facet (facet varchar not null, name varchar not null);
create table skill (skill varchar not null, name varchar not null, kind varchar not null, side varchar not null);
create table metric (metric varchar not null, name varchar not null);
create table taxonomy (taxonomy varchar not null, since timestamp not null);
create table series_break (series varchar not null, on_day date not null, reason varchar not null);

-- How far each stream has been applied, written with the rows themselves.
-- created is the stream's own birth, so that a new stream starts from its beginning.
create table applied (stream varchar not null, created timestamp not null, sequence ubigint not null);
