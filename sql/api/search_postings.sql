-- name:   search_postings
-- title:  Roles by the ids of their postings, as the query postings shows them
-- param:  ids text -- ids of postings with commas between
-- column: id text, title text, employer_id text, employer text, url text, source text, board_id text
-- column: district text, street text, seniority text, workplace text, employment_type text, hybrid double
-- column: pay_min double, pay_max double, pay_currency text, pay_period text, places text
-- column: posted_on date, new_on date, seen_at timestamp, copies bigint
with found as (
    select
        role.role_no,
        role.new_on,
        role.copies,
        posting.*
    from role
    join posting using (posting_id)
    where role.posting_id in (select unnest(string_split($ids::text, ',')))
)
select
    found.posting_id as id,
    title,
    nullif(found.employer_id, '') as employer_id,
    nullif(employer, '') as employer,
    url,
    source,
    board_id,
    district,
    street,
    seniority,
    workplace,
    employment_type,
    hybrid,
    pay_min,
    pay_max,
    pay_currency,
    pay_period,
    (
        select string_agg(concat_ws(', ', city, region, country), ' | ' order by country, region, city)
        from role_place
        where role_place.role_no = found.role_no
    ) as places,
    posted_on,
    new_on,
    seen_at,
    copies::bigint as copies
from found
order by seen_at desc, id desc;
