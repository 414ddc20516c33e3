-- name:   skill_ranking
-- title:  Skills by share of postings, with their rank and the rank before
-- doc:    Among the new core postings of a window of months: the share that mentions each
-- doc:    skill, with its interval (employers as clusters). rank counts from 1, equal shares
-- doc:    share a rank. The window before is as long and ends where this one begins;
-- doc:    rank_change is positive for a skill that climbs, null for one not mentioned before.
-- doc:    must_share and nice_share are of the same postings as share. Ranks of near-equal
-- doc:    shares change by chance: see rising_skills for what is more than that.
-- param:  months bigint in 1..60 = 3 -- months in the window, unless from is given
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  district text = null -- only postings that live in this district
-- param:  from date = null -- first month of the window
-- param:  to date = null -- last month of the window; without it, the last complete month
-- param:  top bigint in 1..1000 = 50 -- at most so many skills
-- column: rank bigint, skill text, name text, kind text, share double, lower double, upper double
-- column: must_share double, nice_share double, share_before double, rank_before bigint, rank_change bigint
-- column: mentions bigint, mentioning_employers bigint, mentions_before bigint, postings_before bigint
-- column: postings bigint, employers bigint, from_month date, to_month date
with dated as (
    select
        role_no,
        employer_no,
        cluster,
        month
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where month is not null
),
last_month as (
    select coalesce(date_trunc('month', $to::date), max(month))::date as month
    from dated
    where month < (select date_trunc('month', max(seen_at)) from posting)
),
length as (
    select
        month,
        coalesce(date_diff('month', date_trunc('month', $from::date), month) + 1, $months::bigint)::integer as months
    from last_month
),
span as (
    select
        month as to_month,
        (month - to_months(months - 1))::date as from_month,
        (month - to_months(2 * months - 1))::date as before_month
    from length
),
scope as (
    select
        role_no,
        employer_no,
        cluster,
        month >= from_month as later
    from dated
    join span on dated.month between before_month and to_month
),
cluster_size as (
    select
        cluster,
        any_value(employer_no) as employer_no,
        count(*) filter (where later) as n,
        count(*) filter (where not later) as n_before
    from scope
    group by cluster
),
size as (
    select
        sum(n)::bigint as postings,
        sum(n_before)::bigint as postings_before,
        count(distinct employer_no) filter (where n > 0) as employers,
        count(*) filter (where n > 0) as clusters,
        sum(n * n) as n_n
    from cluster_size
),
addition as (
    select
        role_skill.skill,
        scope.cluster,
        count(*) filter (where later) as hits,
        count(*) filter (where not later) as hits_before,
        count(*) filter (where later and need = 'must') as must,
        count(*) filter (where later and need = 'nice') as nice
    from scope
    join role_skill using (role_no)
    group by role_skill.skill, scope.cluster
),
skill_total as (
    select
        skill,
        sum(hits)::bigint as mentions,
        sum(hits_before)::bigint as mentions_before,
        sum(must) as must,
        sum(nice) as nice,
        count(employer_no) filter (where hits > 0) as mentioning_employers,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from addition
    join cluster_size using (cluster)
    group by skill
),
ranked as (
    select
        *,
        rank() over (order by mentions desc) as rank,
        case when mentions_before > 0 then rank() over (order by mentions_before desc) end as rank_before
    from skill_total
)
select
    ranked.rank,
    ranked.skill,
    coalesce(skill.name, ranked.skill) as name,
    skill.kind,
    mentions / postings as share,
    share_lower(mentions, postings, design_effect(mentions, postings, hits_hits, hits_n, n_n, clusters)) as lower,
    share_upper(mentions, postings, design_effect(mentions, postings, hits_hits, hits_n, n_n, clusters)) as upper,
    must / postings as must_share,
    nice / postings as nice_share,
    mentions_before / nullif(postings_before, 0) as share_before,
    rank_before,
    rank_before - ranked.rank as rank_change,
    mentions,
    mentioning_employers,
    mentions_before,
    postings_before,
    postings,
    employers,
    from_month,
    to_month
from ranked
cross join size
cross join span
left join skill on skill.skill = ranked.skill
where mentions > 0
order by ranked.rank, ranked.skill
limit $top::bigint;
