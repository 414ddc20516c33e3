-- name:   employer_concentration
-- title:  Whether few employers hold most of the postings
-- doc:    The Herfindahl-Hirschman index is the sum of squared shares of employers, between 1/n
-- doc:    and 1; its inverse is how many employers of equal size would be as concentrated. A
-- doc:    posting whose source names no employer counts as one of its own.
-- param:  by text in all|district|street|seniority|month = district -- what to group by
-- param:  skill text = null -- only postings that mention this skill
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: grp text, index double, effective_employers double
-- column: top_1_share double, top_5_share double, top_10_share double, largest text
-- column: postings bigint, employers bigint
with scope as (
    select *
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    )
    where $skill::text is null
       or role_no in (select role_no from role_skill where skill = lower($skill::text))
),
grouped as (
    select
        case $by::text
            when 'street' then street
            when 'seniority' then seniority
            when 'month' then strftime(month, '%Y-%m-%d')
            else 'all'
        end as grp,
        cluster
    from scope
    where $by::text <> 'district'
    union all
    select
        role_district.district,
        cluster
    from scope
    join role_district using (role_no)
    where $by::text = 'district'
),
cluster_total as (
    select
        grp,
        cluster,
        count(*) as n,
        row_number() over (partition by grp order by n desc, cluster desc) as nth
    from grouped
    where grp is not null
    group by grp, cluster
),
total as (
    select
        grp,
        sum(n)::bigint as postings,
        count(*) filter (where cluster > 0) as employers,
        sum(n * n) / (sum(n) * sum(n)) as index,
        sum(n) filter (where nth = 1) / sum(n) as top_1_share,
        sum(n) filter (where nth <= 5) / sum(n) as top_5_share,
        sum(n) filter (where nth <= 10) / sum(n) as top_10_share,
        max(cluster) filter (where nth = 1) as first_cluster
    from cluster_total
    group by grp
)
select
    grp,
    index,
    1 / index as effective_employers,
    top_1_share,
    top_5_share,
    top_10_share,
    employer.name as largest,
    postings,
    employers
from total
left join employer on employer.employer_no = first_cluster
order by if($by::text = 'month', 0, postings) desc, grp;
