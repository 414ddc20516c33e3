-- Loads postings.ndjson, a made-up city, into an empty schema. Each line is a
-- posting with its tags; lines with opened_at also have a spell.
create temp table line as
select *
from read_json('postings.ndjson', columns = {
    id: 'varchar', employer: 'varchar', title: 'varchar', posted_on: 'date', standing: 'varchar',
    canonical: 'varchar', district: 'varchar', districts: 'map(varchar, double)', skills: 'map(varchar, varchar)',
    facets: 'map(varchar, double)', technical: 'double', operational: 'double', hybrid: 'double',
    seniority: 'varchar', workplace: 'varchar', opened_at: 'timestamp', left_truncated: 'boolean',
    closed_at: 'timestamp', pay: 'struct(min double, max double, currency varchar, period varchar, annual_min double, annual_max double, rule varchar)'
});

insert into posting by name
select
    id as posting_id,
    md5(id) as content_hash,
    md5(coalesce(canonical, id)) as fingerprint,
    coalesce(canonical, id) as canonical_id,
    'file' as source,
    'file/city' as board_id,
    id as native_id,
    lower(replace(employer, ' ', '-')) as employer_id,
    employer,
    title,
    'https://jobs.example/' || id as url,
    posted_on,
    timestamp '2025-04-30 12:00:00' as seen_at,
    coalesce(standing, 'core') as standing,
    district,
    technical,
    operational,
    hybrid,
    seniority,
    workplace,
    'unspecified' as employment_type,
    pay.min as pay_min,
    pay.max as pay_max,
    pay.currency as pay_currency,
    pay.period as pay_period,
    pay.annual_min as pay_annual_min,
    pay.annual_max as pay_annual_max,
    pay.rule as pay_rule,
    'unspecified' as degree,
    'en' as language,
    'made-up' as taxonomy,
    false as truncated
from line;

insert into posting_district (posting_id, district, weight)
select id, entry.key, entry.value
from (select id, unnest(map_entries(districts)) as entry from line);

insert into posting_skill (posting_id, skill, need)
select id, entry.key, entry.value
from (select id, unnest(map_entries(skills)) as entry from line);

insert into posting_facet (posting_id, facet, score)
select id, entry.key, entry.value
from (select id, unnest(map_entries(facets)) as entry from line);

insert into posting_text (posting_id, text)
select id, title || ' at ' || employer || E'.\nYou need ' || list_aggregate(map_keys(skills), 'string_agg', ', ') || '.'
from line;

insert into posting_evidence (posting_id, tag, rule, start_byte, end_byte, words, section, weight)
select id, 'skill:' || skill, skill || '.form', 0, 4, skill, 'requirements', null
from (select id, unnest(map_keys(skills)) as skill from line);

insert into posting_street (posting_id, street, weight)
values ('p003', 'software/backend', 1);

insert into posting_metric (posting_id, metric)
values ('p003', 'mttr');

insert into series_break
values ('skill', date '2025-03-01', 'a new taxonomy');

insert into posting_place (posting_id, country, region, city)
select id, 'CZ', 'Prague', 'Prague'
from line;

insert into posting_location (posting_id, location)
select id, 'Prague, Czechia'
from line;

insert into spell (posting_id, board_id, opened_at, left_truncated, last_listed_at, closed_at, closed_reason)
select id, 'file/city', opened_at, left_truncated, coalesce(closed_at, timestamp '2025-04-30 12:00:00'), closed_at, if(closed_at is null, null, 'vanished')
from line
where opened_at is not null;

insert into posting_change
values
    ('p039', timestamp '2025-04-01 08:00:00', false, date '2025-03-01', date '2025-03-01'),
    ('p039', timestamp '2025-04-12 08:00:00', true, date '2025-03-01', date '2025-04-11'),
    ('p039', timestamp '2025-04-28 08:00:00', true, date '2025-04-11', date '2025-04-27');

insert into board
values ('file/city', 'file', 'city', null, null, timestamp '2025-03-10 08:00:00', timestamp '2025-04-30 12:00:00', 'partial', 'it was a file', null, null, 0);

insert into sweep
values ('file/city', timestamp '2025-04-30 11:59:00', timestamp '2025-04-30 12:00:00', 'partial', 'it was a file', false, 50, 50, 0, 50, 0, 0);

insert into employer (employer_id, name)
select lower(replace(name, ' ', '-')), name
from (select distinct employer as name from line);

insert into district
values ('data', 'Data Engineers'), ('security', 'Cybersecurity'), ('software', 'Software Developers'), ('sysadmin', 'System Administrators');

insert into street
values ('software/backend', 'software', 'Backend');

insert into facet
select unnest(['deployment', 'infrastructure', 'monitoring', 'data_driven', 'collaboration', 'security', 'automation', 'customer', 'leadership']), 'Facet';

insert into skill
values
    ('go', 'Go', 'language', 'technical'), ('postgresql', 'PostgreSQL', 'database', 'technical'),
    ('kubernetes', 'Kubernetes', 'platform', 'technical'), ('react', 'React', 'framework', 'technical'),
    ('typescript', 'TypeScript', 'language', 'technical'), ('terraform', 'Terraform', 'tool', 'technical'),
    ('linux', 'Linux', 'os', 'technical'), ('bash', 'Bash', 'language', 'technical'),
    ('sql', 'SQL', 'language', 'technical'), ('spark', 'Spark', 'platform', 'technical'),
    ('python', 'Python', 'language', 'technical'), ('siem', 'SIEM', 'tool', 'technical');

insert into taxonomy
values ('made-up', timestamp '2025-01-01 00:00:00');

insert into posting_before
select id, 'older', coalesce(standing, 'core'), district, null
from line
where id < 'p020';

insert into posting_skill_before
select posting_id, skill
from posting_skill
where posting_id < 'p020'
  and skill <> 'kubernetes';

drop table line;
