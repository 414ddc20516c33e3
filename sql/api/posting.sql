-- name:   posting
-- title:  One posting
-- param:  id text -- the posting's id
-- column: posting_id text, canonical_id text, content_hash text, source text, board_id text, employer_id text, employer text
-- column: title text, url text, department text, team text, posted_on date, closed_on date, seen_at timestamp
-- column: new_on date, standing text, district text, street text, technical double, operational double, hybrid double
-- column: seniority text, workplace text, employment_type text, pay_min double, pay_max double, pay_currency text
-- column: pay_period text, pay_annual_min double, pay_annual_max double, pay_rule text, pay_structured boolean
-- column: years bigint, degree text, language text, taxonomy text, truncated boolean, text text
with one as materialized (
    select *
    from posting
    where posting_key = key_of($id::text)
      and posting_id = $id::text
)
select
    one.posting_id,
    one.canonical_id,
    one.content_hash,
    one.source,
    one.board_id,
    nullif(one.employer_id, '') as employer_id,
    nullif(one.employer, '') as employer,
    one.title,
    one.url,
    one.department,
    one.team,
    one.posted_on,
    one.closed_on,
    one.seen_at,
    dated.new_on,
    one.standing,
    one.district,
    one.street,
    one.technical,
    one.operational,
    one.hybrid,
    one.seniority,
    one.workplace,
    one.employment_type,
    one.pay_min,
    one.pay_max,
    one.pay_currency,
    one.pay_period,
    one.pay_annual_min,
    one.pay_annual_max,
    one.pay_rule,
    one.pay_structured,
    one.years::bigint as years,
    one.degree,
    one.language,
    one.taxonomy,
    one.truncated,
    posting_text.text
from one
left join (
    select posting_no, new_on
    from dated_posting
    where posting_key = key_of($id::text)
) as dated using (posting_no)
left join (
    select posting_no, text
    from posting_text
    where posting_no = (select posting_no from one)
) as posting_text using (posting_no);
