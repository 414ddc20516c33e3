-- Puts the fresh rows into their tables.
insert into city.posting by name
select
    posting_id, posting_no, posting_key, content_hash, fingerprint, posting_id as canonical_id, copies_id, source, board_id, native_id, employer_id, employer, title, url,
    department, team, posted_on, closed_on, seen_at, standing, district, street, technical, operational, hybrid, seniority, workplace,
    employment_type, pay_min, pay_max, pay_currency, pay_period, pay_annual_min, pay_annual_max, pay_rule, pay_structured, pay_flag, years, degree,
    language, taxonomy, truncated, city.date_doubt(posted_on, closed_on, seen_at) as date_flag
from fresh
join fresh_copies using (posting_no)
order by posting_no;

insert into city.posting_district select posting_id, unnest(districts), unnest(district_weights), posting_no from fresh;
insert into city.posting_street select posting_id, unnest(streets), unnest(street_weights), posting_no from fresh;
insert into city.posting_facet select posting_id, unnest(facets), unnest(facet_scores), posting_no from fresh;
insert into city.posting_skill select posting_id, unnest(skills), unnest(skill_needs), posting_no from fresh;
insert into city.posting_place
select posting_id, nullif(unnest(place_countries), ''), nullif(unnest(place_regions), ''), nullif(unnest(place_cities), ''), posting_no from fresh;
insert into city.posting_location select posting_id, unnest(locations), posting_no from fresh;
insert into city.posting_metric select posting_id, unnest(metrics), posting_no from fresh;
insert into city.posting_evidence
select
    posting_id, unnest(evidence_tags), unnest(evidence_rules), unnest(evidence_starts), unnest(evidence_ends), unnest(evidence_words),
    unnest(evidence_sections), unnest(evidence_weights), posting_no
from fresh;
insert into city.posting_text select posting_id, text, posting_no from fresh;

insert into city.employer (employer_id, name, employer_no)
select
    employer_id,
    min(employer),
    (select coalesce(max(employer_no), 0) from city.employer) + row_number() over (order by employer_id)
from fresh
anti join city.employer using (employer_id)
group by employer_id;
