-- sql/trend/skill_share_by_month.sql for PostgreSQL. An employer is one cluster, so
-- that employers need no count(distinct).
with mentioned as (
    select role_no
    from role_skill
    where skill_no = (select skill_no from skill where skill = lower(:'skill'))
),
cluster_total as (
    select
        month,
        cluster,
        max(employer_no) as employer_no,
        count(mentioned.role_no) as hits,
        count(*) as n
    from role
    left join mentioned using (role_no)
    where month is not null
      and (:scope)
    group by month, cluster
),
month_total as (
    select
        month,
        sum(hits)::float8 as mentions,
        sum(n)::float8 as postings,
        count(employer_no) as employers,
        design_effect(sum(hits)::float8, sum(n)::float8, sum(hits * hits)::float8, sum(hits * n)::float8, sum(n * n)::float8, count(*)) as deff
    from cluster_total
    group by month
)
select
    month,
    mentions / postings as share,
    wilson_lower(mentions / deff, postings / deff) as lower,
    wilson_upper(mentions / deff, postings / deff) as upper,
    mentions::bigint as mentions,
    postings::bigint as postings,
    employers,
    month = (select date_trunc('month', max(seen_at)) from posting) as partial
from month_total
order by month;
