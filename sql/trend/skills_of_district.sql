-- name:   skills_of_district
-- title:  What a district asks for: its skills, the most mentioned first
-- doc:    Among the core postings that live in the district. must_share and nice_share split
-- doc:    the mentions by need; lift is the share here over the share among all core
-- doc:    postings: over 1, the skill is more at home here than elsewhere.
-- param:  district text -- id of a district, such as security
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..1000 = 50 -- at most so many skills
-- column: rank bigint, skill text, name text, mentions bigint, share double, lower double, upper double
-- column: must_share double, nice_share double, lift double, postings bigint, employers bigint
with core as (
    select
        posting_id,
        employer_id
    from dated_posting
    where standing = 'core'
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
),
here as (
    select
        core.posting_id,
        core.employer_id
    from core
    join posting_district using (posting_id)
    where posting_district.district = $district
),
size as (
    select
        count(*) as postings,
        count(distinct employer_id) as employers,
        (select count(*) from core) as everywhere
    from here
),
skill_total as (
    select
        posting_skill.skill,
        count(here.posting_id) as mentions,
        count(here.posting_id) filter (where posting_skill.need = 'must') as must,
        count(here.posting_id) filter (where posting_skill.need = 'nice') as nice,
        count(*) as mentions_everywhere
    from core
    join posting_skill using (posting_id)
    left join here using (posting_id)
    group by posting_skill.skill
)
select
    row_number() over (order by mentions desc, skill_total.skill) as rank,
    skill_total.skill,
    coalesce(skill.name, skill_total.skill) as name,
    mentions,
    mentions / postings as share,
    wilson_lower(mentions, postings) as lower,
    wilson_upper(mentions, postings) as upper,
    must / mentions as must_share,
    nice / mentions as nice_share,
    (mentions / postings) / (mentions_everywhere / everywhere) as lift,
    postings,
    employers
from skill_total
cross join size
left join skill using (skill)
where mentions > 0
order by rank
limit $top::bigint;
