-- name:   facet_share_by_district
-- title:  What a district asks for and what it forgets: share of postings by facet
-- doc:    Among the core postings that live in the district. A facet is present at a score of
-- doc:    0.5 and over; missing_share is the blind spot, 1 - share.
-- param:  district text = null -- only this district
-- param:  facet text = null -- only this facet
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: district text, facet text, mentions bigint, share double, lower double, upper double
-- column: missing_share double, score double, postings bigint, employers bigint
with member as (
    select
        dated_posting.posting_id,
        dated_posting.employer_id,
        posting_district.district
    from dated_posting
    join posting_district using (posting_id)
    where standing = 'core'
      and ($district::text is null or posting_district.district = $district)
      and ($seniority::text is null or seniority = $seniority)
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
facet_total as (
    select
        member.district,
        posting_facet.facet,
        count(*) filter (where posting_facet.score >= 0.5) as mentions,
        sum(posting_facet.score) as score
    from member
    join posting_facet using (posting_id)
    group by member.district, posting_facet.facet
)
select
    district_total.district,
    facet.facet,
    coalesce(facet_total.mentions, 0) as mentions,
    coalesce(facet_total.mentions, 0) / postings as share,
    wilson_lower(coalesce(facet_total.mentions, 0), postings) as lower,
    wilson_upper(coalesce(facet_total.mentions, 0), postings) as upper,
    1 - coalesce(facet_total.mentions, 0) / postings as missing_share,
    coalesce(facet_total.score, 0) / postings as score,
    postings,
    employers
from district_total
cross join facet
left join facet_total on facet_total.district = district_total.district and facet_total.facet = facet.facet
where $facet::text is null or facet.facet = $facet
order by district_total.district, share desc, facet.facet;
