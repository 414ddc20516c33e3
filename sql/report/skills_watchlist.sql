-- name:   skills_watchlist
-- title:  Skills watchlist: share now and before, and pay, of a list of skills
-- doc:    share is that of the new core postings of the last months that mention the skill, and
-- doc:    share_before that in as many months before. lower and upper bound the change with
-- doc:    95 %, linearised, with employers as clusters. median_pay is yearly, of postings of the
-- doc:    later window that mention the skill and state pay in the currency.
-- param:  skills text -- ids of skills with commas between, such as kubernetes,rust,react
-- param:  months bigint in 1..60 = 3 -- months in each of the two windows
-- param:  district text = null -- only postings that live in this district
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  currency text = USD -- ISO 4217, of median_pay
-- param:  source text = null -- only postings from this kind of board
-- param:  to date = null -- last month of the later window; without it, the last complete month
-- base:   total, employers
-- column: skill text, name text, share_before double, share double, change double, lower double, upper double
-- column: must_share double, median_pay double, mentions_before bigint, mentions bigint
-- column: total_before bigint, total bigint, employers bigint, from_month date, to_month date
with wanted as (
    select distinct trim(lower(unnest(string_split($skills::text, ',')))) as skill
),
dated as (
    select
        role_no,
        cluster,
        month,
        case when pay_currency = upper($currency::text) then pay end as pay
    from in_scope(only_district := $district, only_country := upper($country::text), only_source := $source)
    where month is not null
),
span as (
    select
        coalesce(date_trunc('month', $to::date), max(month) filter (where month < (select date_trunc('month', max(seen_at)) from posting)))::date as to_month,
        (to_month - to_months($months::integer - 1))::date as from_month,
        (to_month - to_months(2 * $months::integer - 1))::date as before_month
    from dated
),
scope as (
    select
        dated.*,
        month >= from_month as later
    from dated
    join span on dated.month between before_month and to_month
),
cluster_size as (
    select
        cluster,
        count(*) filter (where later) as n,
        count(*) filter (where not later) as n_before
    from scope
    group by cluster
),
size as (
    select
        sum(n)::bigint as total,
        sum(n_before)::bigint as total_before,
        count(*) filter (where cluster > 0) as employers,
        count(*) as clusters
    from cluster_size
),
named as (
    select
        role_no,
        skill,
        need
    from role_skill
    where skill in (select skill from wanted)
),
mention as (
    select
        wanted.skill,
        cluster_size.cluster,
        any_value(cluster_size.n) as n,
        any_value(cluster_size.n_before) as n_before,
        count(named.role_no) filter (where scope.later) as hits,
        count(named.role_no) filter (where not scope.later) as hits_before,
        count(named.role_no) filter (where scope.later and named.need = 'must') as must
    from wanted
    cross join cluster_size
    join scope on scope.cluster = cluster_size.cluster
    left join named on named.role_no = scope.role_no and named.skill = wanted.skill
    group by wanted.skill, cluster_size.cluster
),
share as (
    select
        skill,
        sum(hits)::bigint as mentions,
        sum(hits_before)::bigint as mentions_before,
        sum(hits) / nullif(any_value(total), 0) as share,
        sum(hits_before) / nullif(any_value(total_before), 0) as share_before,
        sum(must) / nullif(any_value(total), 0) as must_share
    from mention
    cross join size
    group by skill
),
spread as (
    select
        mention.skill,
        sqrt(any_value(clusters) / nullif(any_value(clusters) - 1, 0)
            * sum(power((hits - share * n) / nullif(total, 0) - (hits_before - share_before * n_before) / nullif(total_before, 0), 2))) as error
    from mention
    join share using (skill)
    cross join size
    group by mention.skill
),
pay as (
    select
        named.skill,
        quantile_cont(scope.pay, 0.5) as median_pay
    from named
    join scope using (role_no)
    where scope.later
      and scope.pay is not null
    group by named.skill
)
select
    share.skill,
    coalesce(skill.name, share.skill) as name,
    share_before,
    share,
    share - share_before as change,
    share - share_before - 1.959964 * error as lower,
    share - share_before + 1.959964 * error as upper,
    must_share,
    median_pay,
    mentions_before,
    mentions,
    total_before,
    total,
    employers,
    from_month,
    to_month
from share
join spread using (skill)
left join pay using (skill)
left join skill on skill.skill = share.skill
cross join size
cross join span
order by share desc, share.skill;
