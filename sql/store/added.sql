-- Puts the fresh rows into their tables.
insert into city.posting by name
select
    posting_id, content_hash, fingerprint, posting_id as canonical_id, source, board_id, native_id, employer_id, employer, title, url,
    department, team, posted_on, closed_on, seen_at, standing, district, street, technical, operational, hybrid, seniority, workplace,
    employment_type, pay_min, pay_max, pay_currency, pay_period, pay_annual_min, pay_annual_max, pay_rule, pay_structured, years, degree,
    language, taxonomy, truncated
from fresh
order by seen_at, posting_id;

insert into city.posting_district select posting_id, unnest(districts), unnest(district_weights) from fresh;
insert into city.posting_street select posting_id, unnest(streets), unnest(street_weights) from fresh;
insert into city.posting_facet select posting_id, unnest(facets), unnest(facet_scores) from fresh;
insert into city.posting_skill select posting_id, unnest(skills), unnest(skill_needs) from fresh;
insert into city.posting_place
select posting_id, nullif(unnest(place_countries), ''), nullif(unnest(place_regions), ''), nullif(unnest(place_cities), '') from fresh;
insert into city.posting_location select posting_id, unnest(locations) from fresh;
insert into city.posting_metric select posting_id, unnest(metrics) from fresh;
insert into city.posting_evidence
select
    posting_id, unnest(evidence_tags), unnest(evidence_rules), unnest(evidence_starts), unnest(evidence_ends), unnest(evidence_words),
    unnest(evidence_sections), unnest(evidence_weights)
from fresh;
insert into city.posting_text select posting_id, text from fresh;

insert into city.employer (employer_id, name, employer_no)
select
    employer_id,
    min(employer),
    (select coalesce(max(employer_no), 0) from city.employer) + row_number() over (order by employer_id)
from fresh
anti join city.employer using (employer_id)
group by employer_id;
