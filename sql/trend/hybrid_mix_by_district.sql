-- name:   hybrid_mix_by_district
-- title:  How each district mixes technical with operational skills
-- doc:    Means over the core postings that live in the district, by the weight of their
-- doc:    membership. hybrid is 0 when all is on one side and 1 for an even blend over many
-- doc:    facets; hybrid_share is the share of postings at 0.5 and over, with its interval.
-- param:  district text = null -- only this district
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: district text, technical double, operational double, hybrid double
-- column: hybrid_q1 double, hybrid_median double, hybrid_q3 double
-- column: hybrid_share double, lower double, upper double, facets double, postings bigint, employers bigint
with in_scope as (
    select
        posting_id,
        employer_id,
        technical,
        operational,
        hybrid
    from dated_posting
    where standing = 'core'
      and ($seniority::text is null or seniority = $seniority)
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
),
facet_count as (
    select
        posting_id,
        count(*) as facets
    from posting_facet
    where score >= 0.5
    group by posting_id
),
mix as (
    select
        posting_district.district,
        sum(weight * technical) / sum(weight) as technical,
        sum(weight * operational) / sum(weight) as operational,
        sum(weight * hybrid) / sum(weight) as hybrid,
        quantile_cont(hybrid, 0.25) as hybrid_q1,
        quantile_cont(hybrid, 0.5) as hybrid_median,
        quantile_cont(hybrid, 0.75) as hybrid_q3,
        count(*) filter (where hybrid >= 0.5) as hybrids,
        sum(weight * coalesce(facets, 0)) / sum(weight) as facets,
        count(*) as postings,
        count(distinct employer_id) as employers
    from in_scope
    join posting_district using (posting_id)
    left join facet_count using (posting_id)
    where $district::text is null or posting_district.district = $district
    group by posting_district.district
)
select
    district,
    technical,
    operational,
    hybrid,
    hybrid_q1,
    hybrid_median,
    hybrid_q3,
    hybrids / postings as hybrid_share,
    wilson_lower(hybrids, postings) as lower,
    wilson_upper(hybrids, postings) as upper,
    facets,
    postings,
    employers
from mix
order by district;
