-- sql/trend/rising_skills.sql for PostgreSQL, with its defaults: rising, three months
-- against three, at least 20 mentions and 10 employers, fdr 0.05, the first 50.
with span as (
    select
        max(month) as to_month,
        (max(month) - interval '2 months')::date as from_month,
        (max(month) - interval '5 months')::date as before_month
    from role
    where month < (select date_trunc('month', max(seen_at)) from posting)
      and (:scope)
),
-- inlined where it is used: as a table of its own it could not be read in parallel
scope as not materialized (
    select
        role_no,
        employer_no,
        cluster,
        month >= (select from_month from span) as later
    from role
    where month between (select before_month from span) and (select to_month from span)
      and (:scope)
),
cluster_total as (
    select
        cluster,
        max(employer_no) as employer_no,
        count(*) filter (where not later)::float8 as n_before,
        count(*) filter (where later)::float8 as n
    from scope
    group by cluster
),
size as (
    select
        sum(n) as postings,
        sum(n_before) as postings_before,
        count(employer_no) as employers,
        count(*)::float8 as clusters
    from cluster_total
),
part as (
    select
        cluster,
        n_before / postings_before as before,
        n / postings as now
    from cluster_total
    cross join size
    where postings > 0
      and postings_before > 0
),
part_total as (
    select
        sum(before * before) as before_before,
        sum(before * now) as before_now,
        sum(now * now) as now_now
    from part
),
addition as (
    select
        skill_no,
        cluster,
        max(employer_no) as employer_no,
        count(*) filter (where not later)::float8 as mentions_before,
        count(*) filter (where later)::float8 as mentions
    from scope
    join role_skill using (role_no)
    group by skill_no, cluster
),
step as (
    select
        addition.*,
        mentions / postings - mentions_before / postings_before as step,
        before,
        now
    from addition
    join part using (cluster)
    cross join size
),
skill_total as (
    select
        skill_no,
        sum(mentions_before) as mentions_before,
        sum(mentions) as mentions,
        count(employer_no) as mentioning_employers,
        sum(mentions_before) / max(postings_before) as share_before,
        sum(mentions) / max(postings) as share,
        sum(mentions_before + mentions) / max(postings_before + postings) as pooled,
        sum(step * step) as step_step,
        sum(step * before) as step_before,
        sum(step * now) as step_now
    from step
    cross join size
    group by skill_no
    having sum(mentions_before + mentions) >= 20
       and count(employer_no) >= 10
),
spread as (
    select
        skill_total.*,
        sqrt(greatest(0, clusters / (clusters - 1) * (step_step - 2 * (share * step_now - share_before * step_before)
            + share * share * now_now - 2 * share * share_before * before_now + share_before * share_before * before_before))) as observed,
        sqrt(greatest(0, clusters / (clusters - 1) * (step_step - 2 * pooled * (step_now - step_before)
            + pooled * pooled * (now_now - 2 * before_now + before_before)))) as unchanged
    from skill_total
    cross join size
    cross join part_total
),
tested as (
    select
        *,
        two_sided_p((share - share_before) / unchanged) as p,
        count(*) over () as tests
    from spread
    join skill using (skill_no)
    where unchanged > 0
),
ranked as (
    select
        *,
        row_number() over (order by p, skill) as nth
    from tested
),
adjusted as (
    select
        *,
        least(1, min(p * tests / nth) over (order by nth desc)) as q
    from ranked
)
select
    skill,
    name,
    share_before,
    share,
    share - share_before as change,
    share - share_before - 1.959964 * observed as lower,
    share - share_before + 1.959964 * observed as upper,
    share / nullif(share_before, 0) as ratio,
    p,
    q,
    q <= 0.05 as significant,
    tests,
    mentions_before::bigint as mentions_before,
    mentions::bigint as mentions,
    mentioning_employers,
    postings_before::bigint as postings_before,
    postings::bigint as postings,
    employers,
    from_month,
    to_month
from adjusted
cross join size
cross join span
where share > share_before
order by significant desc, abs(share - share_before) desc, skill
limit 50;
