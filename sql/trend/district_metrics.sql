-- name:   district_metrics
-- title:  The measures each district names: MTTR, SLO, cycle time, freshness
-- doc:    The share of the core postings that name a metric by which the work is judged. A
-- doc:    posting counts in each of its districts, and in its first street. The interval takes
-- doc:    employers as clusters. A metric without a row is named by none.
-- param:  by text in district|street = district -- what each row is of
-- param:  metric text = null -- only this metric
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
-- param:  top bigint in 1..1000 = 200 -- at most so many rows
-- column: key text, name text, metric text, metric_name text, share double, lower double, upper double
-- column: mentions bigint, mentioning_employers bigint, postings bigint, employers bigint
with scope as (
    select
        role_no,
        posting_id,
        employer_no,
        cluster,
        street
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
),
member as (
    select posting_id, employer_no, cluster, role_district.district as key
    from scope
    join role_district using (role_no)
    where $by::text = 'district'
      and ($district::text is null or role_district.district = $district)
    union all
    select posting_id, employer_no, cluster, street
    from scope
    where $by::text = 'street'
      and street is not null
),
cluster_size as (
    select
        key,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from member
    group by key, cluster
),
key_total as (
    select
        key,
        sum(n)::bigint as postings,
        count(distinct employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_size
    group by key
),
cluster_total as (
    select
        key,
        cluster,
        metric,
        count(*) as hits
    from member
    join (select distinct posting_id, metric from posting_metric) using (posting_id)
    where $metric::text is null or metric = $metric
    group by key, cluster, metric
),
metric_total as (
    select
        key,
        metric,
        sum(hits)::bigint as mentions,
        count(employer_no) as mentioning_employers,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join cluster_size using (key, cluster)
    group by key, metric
)
select
    key,
    coalesce(district.name, street.name, key) as name,
    metric_total.metric,
    coalesce(metric.name, metric_total.metric) as metric_name,
    mentions / postings as share,
    share_lower(mentions, postings, design_effect(mentions, postings, hits_hits, hits_n, n_n, clusters)) as lower,
    share_upper(mentions, postings, design_effect(mentions, postings, hits_hits, hits_n, n_n, clusters)) as upper,
    mentions,
    mentioning_employers,
    postings,
    employers
from metric_total
join key_total using (key)
left join metric on metric.metric = metric_total.metric
left join district on district.district = key and $by = 'district'
left join street on street.street = key and $by = 'street'
order by postings desc, key, share desc, metric_total.metric
limit $top::bigint;
