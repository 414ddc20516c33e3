-- name:   skill_need_by_month
-- title:  Must-have, nice-to-have or only mentioned: the need of a skill, by month
-- doc:    Among the new core postings of each month that mention the skill; the three shares
-- doc:    add up to 1. drift is the change of must_share against the month before, null where
-- doc:    that month has no mention; drift_lower and drift_upper bound it (95 %) by the
-- doc:    linearised variance of a difference of ratios with employers as clusters (Cochran
-- doc:    1977, section 6.3). The need is what the posting says, not what the work takes.
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
-- column: month date, must_share double, lower double, upper double, nice_share double, mention_share double
-- column: drift double, drift_lower double, drift_upper double
-- column: must bigint, nice bigint, mention bigint, postings bigint, employers bigint, partial boolean
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
cluster_total as (
    select
        scope.month,
        scope.cluster,
        any_value(scope.employer_no) as employer_no,
        count(*) filter (where need = 'must') as must,
        count(*) filter (where need = 'nice') as nice,
        count(*) as n
    from scope
    join role_skill using (role_no)
    where role_skill.skill = lower($skill::text)
    group by scope.month, scope.cluster
),
month_total as (
    select
        month,
        sum(must)::bigint as must,
        sum(nice)::bigint as nice,
        sum(n)::bigint as postings,
        count(distinct employer_no) as employers,
        design_effect(sum(must), sum(n), sum(must * must), sum(must * n), sum(n * n), count(*)) as deff
    from cluster_total
    group by month
),
-- how far a cluster pulls the share of its month, and against it that of the next
pull as (
    select
        month,
        cluster,
        (cluster_total.must - month_total.must / month_total.postings * n) / month_total.postings as value
    from cluster_total
    join month_total using (month)
),
step as (
    select
        month,
        cluster,
        sum(value) as value
    from (
        from pull
        union all
        select (month + to_months(1))::date, cluster, -value from pull
    )
    group by month, cluster
),
spread as (
    select
        month,
        case when count(*) > 1 then 1.959964 * sqrt(count(*) / (count(*) - 1) * sum(value * value)) end as margin
    from step
    group by month
)
select
    month_total.month,
    month_total.must / month_total.postings as must_share,
    share_lower(month_total.must, month_total.postings, month_total.deff) as lower,
    share_upper(month_total.must, month_total.postings, month_total.deff) as upper,
    month_total.nice / month_total.postings as nice_share,
    (month_total.postings - month_total.must - month_total.nice) / month_total.postings as mention_share,
    month_total.must / month_total.postings - before.must / before.postings as drift,
    case when before.month is not null then greatest(-1, month_total.must / month_total.postings - before.must / before.postings - margin) end as drift_lower,
    case when before.month is not null then least(1, month_total.must / month_total.postings - before.must / before.postings + margin) end as drift_upper,
    month_total.must,
    month_total.nice,
    month_total.postings - month_total.must - month_total.nice as mention,
    month_total.postings,
    month_total.employers,
    month_total.month = (select date_trunc('month', max(seen_at)) from posting) as partial
from month_total
left join month_total as before on before.month = (month_total.month - to_months(1))::date
left join spread on spread.month = month_total.month and before.month is not null
order by month_total.month;
