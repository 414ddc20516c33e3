-- name:   posting
-- title:  One posting
-- param:  id text -- the posting's id
-- column: posting_id text, canonical_id text, content_hash text, source text, board_id text, employer_id text, employer text
-- column: title text, url text, department text, team text, posted_on date, closed_on date, seen_at timestamp
-- column: new_on date, standing text, district text, street text, technical double, operational double, hybrid double
-- column: seniority text, workplace text, employment_type text, pay_min double, pay_max double, pay_currency text
-- column: pay_period text, pay_annual_min double, pay_annual_max double, pay_rule text, pay_structured boolean
-- column: years bigint, degree text, language text, taxonomy text, truncated boolean, text text
select
    posting.posting_id,
    posting.canonical_id,
    posting.content_hash,
    posting.source,
    posting.board_id,
    nullif(posting.employer_id, '') as employer_id,
    nullif(posting.employer, '') as employer,
    posting.title,
    posting.url,
    posting.department,
    posting.team,
    posting.posted_on,
    posting.closed_on,
    posting.seen_at,
    dated_posting.new_on,
    posting.standing,
    posting.district,
    posting.street,
    posting.technical,
    posting.operational,
    posting.hybrid,
    posting.seniority,
    posting.workplace,
    posting.employment_type,
    posting.pay_min,
    posting.pay_max,
    posting.pay_currency,
    posting.pay_period,
    posting.pay_annual_min,
    posting.pay_annual_max,
    posting.pay_rule,
    posting.pay_structured,
    posting.years::bigint as years,
    posting.degree,
    posting.language,
    posting.taxonomy,
    posting.truncated,
    posting_text.text
from posting
left join dated_posting using (posting_id)
left join posting_text using (posting_id)
where posting.posting_id = $id::text;
