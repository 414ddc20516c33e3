-- What three trends read, as PostgreSQL would keep it: narrow tables, numbers for
-- keys, and indexes that answer from themselves alone. The functions are the
-- macros of sql/schema/0002_views.sql and 0003_scope.sql, which cite their sources.

create type need as enum ('must', 'nice', 'mention');

create table posting (posting_no integer not null, seen_at timestamp not null);

create table role (
    role_no         integer not null,
    posting_id      text not null,
    employer_id     text,
    employer_no     integer,
    cluster         integer not null,
    board_id        text not null,
    source          text not null,
    new_on          date,
    month           date,
    district        text,
    street          text,
    seniority       text not null,
    workplace       text not null,
    employment_type text not null,
    technical       float8 not null,
    operational     float8 not null,
    hybrid          float8 not null,
    years           integer,
    language        text not null,
    pay_currency    text,
    pay             float8,
    copies          integer not null
);

create table role_district (role_no integer not null, district text not null, weight float8 not null);
create table skill (skill_no smallint not null, skill text not null, name text not null);
create table role_skill (role_no integer not null, skill_no smallint not null, need need not null);

create function wilson_lower(hits float8, n float8) returns float8 immutable parallel safe
return case when n > 0 then greatest(0, (hits + 1.9207294 - 1.959964 * sqrt(hits * (n - hits) / n + 0.9603647)) / (n + 3.8414588)) end;

create function wilson_upper(hits float8, n float8) returns float8 immutable parallel safe
return case when n > 0 then least(1, (hits + 1.9207294 + 1.959964 * sqrt(hits * (n - hits) / n + 0.9603647)) / (n + 3.8414588)) end;

create function two_sided_p(z float8) returns float8 immutable parallel safe
return (
    select least(1, t * exp(-x * x - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418
        + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587
        + t * (-0.82215223 + t * 0.17087277))))))))))
    from (select abs(z) / sqrt(2) as x, 1 / (1 + abs(z) / sqrt(8)) as t) as place
);

create function t_over_z(df float8) returns float8 immutable parallel safe
return 1 + (1.210365 + (1.440077 + (1.304029 + 0.811002 / df) / df) / df) / df;

create function telling_clusters(hits float8, n float8, hits_hits float8, hits_n float8, n_n float8, clusters float8) returns float8 immutable parallel safe
return case
    when clusters > 1 and hits > 0 and hits < n
    then least(hits * hits / hits_hits, coalesce((n - hits) * (n - hits) / nullif(n_n - 2 * hits_n + hits_hits, 0), clusters))
    else 0
end;

create function observed_effect(hits float8, n float8, hits_hits float8, hits_n float8, n_n float8, clusters float8) returns float8 immutable parallel safe
return case
    when clusters > 1 and hits > 0 and hits < n
    then clusters / (clusters - 1)
        * (hits_hits - 2 * (hits / n) * hits_n + (hits / n) * (hits / n) * n_n) / (hits * (1 - hits / n))
    else 0
end;

create function design_effect(hits float8, n float8, hits_hits float8, hits_n float8, n_n float8, clusters float8) returns float8 immutable parallel safe
return case
    when n > 0
    then 1 + power(t_over_z(greatest(1, n * n / n_n - 1)), 2) * greatest(0,
        (telling_clusters(hits, n, hits_hits, hits_n, n_n, clusters) * observed_effect(hits, n, hits_hits, hits_n, n_n, clusters)
            + 1 + 0.2 * (n_n / n - 1)) / (telling_clusters(hits, n, hits_hits, hits_n, n_n, clusters) + 1) - 1)
    else 1
end;
