-- name:   street_sizes
-- title:  The streets of the map: size, mix and employers
-- param:  district text = null -- only postings that live in this district
-- param:  seniority text = null -- only this seniority
-- param:  workplace text = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- base:   postings, employers
-- column: street text, name text, postings bigint, share double, hybrid double, employers bigint
select
    coalesce(scope.street, 'unspecified') as street,
    any_value(street.name) as name,
    count(*) as postings,
    count(*) / sum(count(*)) over () as share,
    avg(scope.hybrid) as hybrid,
    count(distinct scope.employer_no) as employers
from in_scope(
    only_district := $district, only_seniority := $seniority, only_workplace := $workplace, only_country := upper($country::text),
    only_source := $source, first_month := $from, last_month := $to
) as scope
left join street on street.street = scope.street
group by scope.street
order by postings desc, scope.street;
