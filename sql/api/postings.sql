-- name:   postings
-- title:  Roles, the newest first
-- doc:    One row for each core role, under the posting that stands for all its copies.
-- param:  skills text = null -- ids of skills with commas between: only postings that mention all of them
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- param:  q text = null -- only titles that contain these words, whatever the case
-- param:  open boolean = false -- only postings that are open
-- param:  after text = null -- where the page before ended: seen_at, a space and the id
-- param:  top bigint in 1..1000 = 50 -- at most so many
-- column: id text, title text, employer_id text, employer text, url text, source text, board_id text
-- column: district text, street text, seniority text, workplace text, employment_type text, hybrid double
-- column: pay_min double, pay_max double, pay_currency text, pay_period text, places text
-- column: posted_on date, new_on date, seen_at timestamp, copies bigint
with wanted as (
    select distinct trim(lower(unnest(string_split($skills::text, ',')))) as skill
),
scope as (
    select
        role_no,
        posting_id,
        new_on,
        copies
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := upper($country::text), only_employer := $employer,
        only_source := $source, first_month := $from, last_month := $to
    )
    where $skills::text is null
       or role_no in (
           select role_no
           from role_skill
           where skill in (select skill from wanted)
           group by role_no
           having count(distinct skill) = (select count(*) from wanted)
       )
),
newest as (
    select
        scope.role_no,
        scope.new_on,
        scope.copies,
        posting.*
    from posting
    join scope using (posting_id)
    where ($q::text is null or contains(lower(posting.title), lower($q::text)))
      and (not $open::boolean or posting.posting_id in (select posting_id from spell where closed_at is null))
      and (
          $after::text is null
          or (posting.seen_at, posting.posting_id) < (substring($after::text, 1, strpos($after::text, 'Z') - 1)::timestamp, substring($after::text, strpos($after::text, 'Z') + 2))
      )
    order by posting.seen_at desc, posting.posting_id desc
    limit $top::bigint
)
select
    newest.posting_id as id,
    title,
    nullif(newest.employer_id, '') as employer_id,
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
        where role_place.role_no = newest.role_no
    ) as places,
    posted_on,
    new_on,
    seen_at,
    copies::bigint as copies
from newest
order by seen_at desc, id desc;
