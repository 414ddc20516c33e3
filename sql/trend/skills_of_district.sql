-- name:   skills_of_district
-- title:  What a district asks for: its skills, the most mentioned first
-- doc:    Among the core postings that live in the district. must_share and nice_share split
-- doc:    the mentions by need; lift is the share here over the share among all core
-- doc:    postings: over 1, the skill is more at home here than elsewhere.
-- doc:    The interval takes employers as clusters.
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
-- param:  top bigint in 1..1000 = 50 -- at most so many skills
-- column: rank bigint, skill text, name text, mentions bigint, share double, lower double, upper double
-- column: must_share double, nice_share double, lift double, postings bigint, employers bigint
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
-- only the skills that are shown need their variance between employers
shown as (
    select
        role_skill.skill,
        count(*) filter (where is_here) as mentions,
        count(*) as everywhere
    from core
    join role_skill using (role_no)
    group by role_skill.skill
    having count(*) filter (where is_here) > 0
    order by mentions desc, role_skill.skill
    limit $top::bigint
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
    join shown using (skill)
    group by role_skill.skill, here.cluster
),
skill_total as (
    select
        skill,
        sum(hits)::bigint as mentions,
        sum(must) as must,
        sum(nice) as nice,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join cluster_size using (cluster)
    group by skill
)
select
    row_number() over (order by skill_total.mentions desc, skill_total.skill) as rank,
    skill_total.skill,
    coalesce(skill.name, skill_total.skill) as name,
    skill_total.mentions,
    skill_total.mentions / postings as share,
    share_lower(skill_total.mentions, postings, design_effect(skill_total.mentions, postings, hits_hits, hits_n, n_n, clusters)) as lower,
    share_upper(skill_total.mentions, postings, design_effect(skill_total.mentions, postings, hits_hits, hits_n, n_n, clusters)) as upper,
    must / skill_total.mentions as must_share,
    nice / skill_total.mentions as nice_share,
    (skill_total.mentions / postings) / (shown.everywhere / size.everywhere) as lift,
    postings,
    employers
from skill_total
join shown using (skill)
cross join size
left join skill using (skill)
order by rank;
