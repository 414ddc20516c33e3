-- name:   demand
-- title:  Demand: new postings by period and district, street, skill, country, employer …
-- doc:    The flow: core postings that are new in a period, each role once (postings), and with
-- doc:    all its copies and reposts, whenever those came (raw); intensity is raw / postings. A
-- doc:    role that belongs to several ids of a dimension counts in each; weighted counts it by
-- doc:    weight, so that over districts or streets it adds up to total, all roles of the period.
-- doc:    share is postings / total: "x % of new postings mention it", or live in it; lower and
-- doc:    upper take employers as clusters. Listed are the ids with the most postings over all
-- doc:    periods. What was open at a board's first sweep counts as new only where the source
-- doc:    states its day, so periods before a board's first sweep hold only what was still
-- doc:    open then: demand_index with panel matched leaves them out. Nothing is seasonally
-- doc:    adjusted.
-- param:  by text in district|street|skill|country|city|employer|seniority|workplace|employment_type|source = district -- the dimension
-- param:  period text in month|week|day = month -- weeks begin on Monday
-- param:  id text = null -- only this id of the dimension
-- param:  skill text = null -- only postings that mention this skill, by its id
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first period
-- param:  to date = null -- last period
-- param:  top bigint in 1..1000 = 20 -- at most so many ids
-- base:   total, total_employers
-- column: period date, id text, name text, postings bigint, employers bigint, raw bigint, intensity double
-- column: weighted double, share double, lower double, upper double, total bigint, total_employers bigint, partial boolean
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        copies,
        date_trunc($period::text, new_on)::date as period,
        case $by::text
            when 'employer' then employer_id
            when 'seniority' then seniority
            when 'workplace' then workplace
            when 'employment_type' then employment_type
            when 'source' then source
        end as own_id
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where new_on is not null
      and ($skill::text is null or role_no in (select s.role_no from role_skill as s where s.skill = lower($skill::text)))
      and ($from::date is null or new_on >= date_trunc($period::text, $from::date))
      and ($to::date is null or date_trunc($period::text, new_on) <= $to::date)
),
cluster_total as (
    select
        period,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from scope
    group by period, cluster
),
period_total as (
    select
        period,
        sum(n)::bigint as total,
        count(employer_no) as total_employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_total
    group by period
),
member as materialized (
    select
        copies,
        period,
        cluster,
        member.id,
        member.weight
    from scope
    join membership($by::text) as member using (role_no)
    where $id::text is null or member.id = $id
    union all
    select
        copies,
        period,
        cluster,
        own_id,
        1.0
    from scope
    where own_id is not null
      and ($id::text is null or own_id = $id)
),
largest as (
    select id
    from member
    group by id
    order by count(*) desc, id
    limit $top::bigint
),
hit as (
    select
        period,
        id,
        cluster,
        count(*) as hits,
        count(*) + sum(copies) as raw,
        sum(weight) as weighted
    from member
    semi join largest using (id)
    group by period, id, cluster
),
id_total as (
    select
        period,
        id,
        sum(hits)::bigint as postings,
        count(cluster_total.employer_no) as employers,
        sum(hit.raw)::bigint as raw,
        sum(weighted) as weighted,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from hit
    join cluster_total using (period, cluster)
    group by period, id
),
-- an id that a period has none of is there with 0
grid as (
    select
        period,
        id,
        coalesce(postings, 0) as postings,
        coalesce(employers, 0) as employers,
        coalesce(raw, 0) as raw,
        coalesce(weighted, 0) as weighted,
        coalesce(hits_hits, 0) as hits_hits,
        coalesce(hits_n, 0) as hits_n,
        total,
        total_employers,
        clusters,
        n_n
    from period_total
    cross join largest
    left join id_total using (period, id)
),
spread as (
    select
        *,
        design_effect(postings, total, hits_hits, hits_n, n_n, clusters) as deff
    from grid
)
select
    period,
    spread.id,
    coalesce(name, spread.id) as name,
    postings,
    employers,
    raw,
    raw / nullif(postings, 0) as intensity,
    weighted,
    postings / total as share,
    share_lower(postings, total, deff) as lower,
    share_upper(postings, total, deff) as upper,
    total,
    total_employers,
    period = (select date_trunc($period::text, max(seen_at)) from posting) as partial
from spread
left join name_of($by::text) using (id)
order by period, spread.id;
