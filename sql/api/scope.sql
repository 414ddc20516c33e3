-- name:   scope
-- title:  What a trend rests on: the unique core postings in its scope
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text = null -- only this seniority
-- param:  workplace text = null -- only this workplace
-- param:  employment_type text = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country
-- param:  employer text = null -- only postings of this employer
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- param:  dated boolean = false -- only postings that count as new in a month
-- column: postings bigint, employers bigint, copies bigint, from_month date, to_month date
select
    count(*) as postings,
    count(distinct employer_no) as employers,
    coalesce(sum(copies), 0)::bigint as copies,
    min(month) as from_month,
    max(month) as to_month
from in_scope(
    only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
    only_employment_type := $employment_type, only_country := upper($country::text), only_employer := $employer,
    only_source := $source, first_month := $from, last_month := $to
)
where month is not null or not $dated::boolean;
