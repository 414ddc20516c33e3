-- name:   skills_of_district
-- title:  What a district asks for: its skills, the most mentioned first
-- doc:    Among the core postings that live in the district. must_share and nice_share split
-- doc:    the mentions by need; lift is the share here over the share among all core
-- doc:    postings: over 1, the skill is more at home here than elsewhere.
-- doc:    The interval takes employers as clusters. log_odds compares what the district's mentions
-- doc:    are of with the mentions elsewhere: the logarithm of the ratio of the odds, with a prior
-- doc:    of 500 mentions, spread like all, that pulls what is rare towards 0. distinct is log_odds
-- doc:    over its standard error (B. L. Monroe, M. P. Colaresi, K. M. Quinn, Political Analysis
-- doc:    16, 2008), and that times the root of the share's design effect: by it, what sets the
-- doc:    district apart comes first, be it common or not. It ranks, and is no test.
-- param:  district text -- id of a district, such as security
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  order text in mentions|distinct = mentions -- which skills come first
-- param:  top bigint in 1..1000 = 50 -- at most so many skills
-- column: rank bigint, skill text, name text, mentions bigint, share double, lower double, upper double
-- column: must_share double, nice_share double, lift double, log_odds double, distinct double, postings bigint, employers bigint
with core as materialized (
    select
        role_no,
        employer_no,
        cluster,
        home.role_no is not null as is_here
    from in_scope(only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type, only_country := $country,
        only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
    left join (select role_no from role_district where district = $district) as home using (role_no)
),
here as (
    select *
    from core
    where is_here
),
cluster_size as (
    select
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from here
    group by cluster
),
size as (
    select
        sum(n)::bigint as postings,
        count(employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n,
        (select count(*) from core) as everywhere
    from cluster_size
),
skill_total as (
    select
        role_skill.skill,
        count(*) filter (where is_here) as mentions,
        count(*) as mentions_everywhere
    from core
    join role_skill using (role_no)
    group by role_skill.skill
),
-- mentions here and elsewhere, each with its part of the prior
odds as (
    select
        skill,
        mentions,
        mentions_everywhere,
        mentions + prior as here,
        sum(mentions) over () + 500 - here as others_here,
        mentions_everywhere - mentions + prior as elsewhere,
        sum(mentions_everywhere - mentions) over () + 500 - elsewhere as others_elsewhere,
        case
            when here > 0 and others_here > 0 and elsewhere > 0 and others_elsewhere > 0
            then ln(here / others_here) - ln(elsewhere / others_elsewhere)
        end as log_odds,
        sqrt(1 / here + 1 / elsewhere) as error
    from (select *, 500 * mentions_everywhere / sum(mentions_everywhere) over () as prior from skill_total)
),
-- only what may be shown needs its variance between employers
candidate as (
    select *
    from odds
    where mentions > 0
    qualify $order::text = 'distinct' or row_number() over (order by mentions desc, skill) <= $top::bigint
),
cluster_total as (
    select
        role_skill.skill,
        here.cluster,
        count(*) as hits,
        count(*) filter (where role_skill.need = 'must') as must,
        count(*) filter (where role_skill.need = 'nice') as nice
    from here
    join role_skill using (role_no)
    join candidate using (skill)
    group by role_skill.skill, here.cluster
),
spread as (
    select
        skill,
        sum(must) as must,
        sum(nice) as nice,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join cluster_size using (cluster)
    group by skill
),
ranked as (
    select
        candidate.*,
        must,
        nice,
        design_effect(mentions, postings, hits_hits, hits_n, n_n, clusters) as deff,
        log_odds / (error * sqrt(deff)) as distinct_z
    from candidate
    join spread using (skill)
    cross join size
)
select
    row_number() over (order by if($order::text = 'distinct', distinct_z, mentions) desc, ranked.skill) as rank,
    ranked.skill,
    coalesce(skill.name, ranked.skill) as name,
    mentions,
    mentions / postings as share,
    share_lower(mentions, postings, deff) as lower,
    share_upper(mentions, postings, deff) as upper,
    must / mentions as must_share,
    nice / mentions as nice_share,
    (mentions / postings) / (mentions_everywhere / everywhere) as lift,
    log_odds,
    distinct_z as "distinct",
    postings,
    employers
from ranked
cross join size
left join skill using (skill)
order by rank
limit $top::bigint;
