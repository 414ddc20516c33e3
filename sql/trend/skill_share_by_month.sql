-- name:   skill_share_by_month
-- title:  Share of postings that mention a skill, by month
-- doc:    Among the new core postings of each month. Mentioned is not needed: the need is
-- doc:    split out in skill_need_by_month. lower and upper take employers as clusters.
-- param:  skill text -- id of a skill, such as kubernetes
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: month date, share double, lower double, upper double
-- column: mentions bigint, postings bigint, employers bigint, partial boolean
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        month
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
    where month is not null
),
mentioned as (
    select distinct role_no
    from role_skill
    where skill = lower($skill::text)
),
cluster_total as (
    select
        scope.month,
        scope.cluster,
        any_value(scope.employer_no) as employer_no,
        count(mentioned.role_no) as hits,
        count(*) as n
    from scope
    left join mentioned using (role_no)
    group by scope.month, scope.cluster
),
month_total as (
    select
        month,
        sum(hits)::bigint as mentions,
        sum(n)::bigint as postings,
        count(distinct employer_no) as employers,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by month
)
select
    month,
    mentions / postings as share,
    share_lower(mentions, postings, deff) as lower,
    share_upper(mentions, postings, deff) as upper,
    mentions,
    postings,
    employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from month_total
order by month;
