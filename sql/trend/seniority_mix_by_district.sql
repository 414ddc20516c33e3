-- name:   seniority_mix_by_district
-- title:  Seniority that each district asks for
-- doc:    Among the core postings that live in the district; unspecified is its own row, so the
-- doc:    shares of a district add up to 1.
-- param:  district text = null -- only this district
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: district text, seniority text, matching bigint, share double, lower double, upper double
-- column: hybrid double, postings bigint, employers bigint
with member as (
    select
        dated_posting.employer_id,
        dated_posting.seniority,
        dated_posting.hybrid,
        posting_district.district
    from dated_posting
    join posting_district using (posting_id)
    where standing = 'core'
      and ($district::text is null or posting_district.district = $district)
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
),
district_total as (
    select
        district,
        count(*) as postings,
        count(distinct employer_id) as employers
    from member
    group by district
),
level_total as (
    select
        district,
        seniority,
        count(*) as matching,
        avg(hybrid) as hybrid
    from member
    group by district, seniority
)
select
    level_total.district,
    level_total.seniority,
    matching,
    matching / postings as share,
    wilson_lower(matching, postings) as lower,
    wilson_upper(matching, postings) as upper,
    hybrid,
    postings,
    employers
from level_total
join district_total using (district)
order by level_total.district, list_position(['intern', 'junior', 'mid', 'senior', 'lead', 'manager', 'executive', 'unspecified'], level_total.seniority);
