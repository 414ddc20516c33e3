-- Where one record batch after another lands before it is applied: the columns of
-- the batch, in its order.
create or replace temp table incoming (
    posting_id varchar, content_hash varchar, fingerprint varchar, source varchar, board varchar, board_id varchar, native_id varchar,
    employer_id varchar, employer varchar, title varchar, url varchar, department varchar, team varchar,
    posted_on date, closed_on date, seen_at timestamp, truncated boolean,
    standing varchar, district varchar, street varchar, technical double, operational double, hybrid double,
    seniority varchar, workplace varchar, employment_type varchar,
    pay_min double, pay_max double, pay_currency varchar, pay_period varchar, pay_annual_min double, pay_annual_max double,
    pay_rule varchar, pay_structured boolean, pay_flag varchar, years integer, degree varchar, language varchar, taxonomy varchar,
    districts varchar[], district_weights double[], streets varchar[], street_weights double[], facets varchar[], facet_scores double[],
    skills varchar[], skill_needs varchar[], place_countries varchar[], place_regions varchar[], place_cities varchar[],
    locations varchar[], metrics varchar[],
    evidence_tags varchar[], evidence_rules varchar[], evidence_starts integer[], evidence_ends integer[], evidence_words varchar[],
    evidence_sections varchar[], evidence_weights double[],
    sketch_group ubigint, sketch_set ubigint, sketch_text ubigint, sketch_words uinteger[], sketch_other uinteger[], sketch_bands ubigint[],
    text varchar
);
