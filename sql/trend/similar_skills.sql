-- name:   similar_skills
-- title:  Skills that keep the same company as a given skill
-- doc:    similarity is the cosine of two skills' contexts, in [0,1]. The context of a skill
-- doc:    is, for each other skill, how much more often than by chance postings mention the
-- doc:    two together (positive pointwise mutual information; J. A. Bullinaria and J. P. Levy,
-- doc:    Behavior Research Methods 39, 2007). So skills that replace each other are similar
-- doc:    though no posting mentions both. jaccard is the share of the postings with either
-- doc:    that mention both. Over at most sample core postings, drawn by a hash of their id.
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
-- param:  sample bigint in 1000..100000 = 20000 -- at most so many postings
-- param:  min_mentions bigint in 2..1000000 = 10 -- only skills that so many postings mention
-- param:  top bigint in 1..200 = 20 -- at most so many skills
-- column: skill text, name text, kind text, similarity double, jaccard double, both_postings bigint
-- column: mentions bigint, postings bigint, employers bigint
with scope as (
    select
        role_no,
        employer_no
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
    order by hash(role_no), role_no
    limit $sample::bigint
),
size as (
    select
        count(*) as postings,
        count(distinct employer_no) as employers
    from scope
),
mentioned as (
    select
        role_skill.role_no,
        role_skill.skill
    from scope
    join role_skill using (role_no)
),
skill_total as (
    select
        skill,
        count(*) as mentions
    from mentioned
    group by skill
    having count(*) >= $min_mentions::bigint
),
frequent as (
    select mentioned.*
    from mentioned
    semi join skill_total using (skill)
),
pair as (
    select
        a.skill as skill_a,
        b.skill as skill_b,
        count(*) as both_postings
    from frequent as a
    join frequent as b on b.role_no = a.role_no and b.skill <> a.skill
    group by a.skill, b.skill
),
context as (
    select
        skill_a,
        skill_b,
        ln(both_postings * postings / (total_a.mentions * total_b.mentions)) as pmi
    from pair
    join skill_total as total_a on total_a.skill = skill_a
    join skill_total as total_b on total_b.skill = skill_b
    cross join size
    where both_postings * postings > total_a.mentions * total_b.mentions
),
length as (
    select
        skill_a as skill,
        sqrt(sum(pmi * pmi)) as length
    from context
    group by skill_a
),
given as (
    select
        skill_b,
        pmi
    from context
    where skill_a = lower($skill::text)
),
likeness as (
    select
        context.skill_a as skill,
        sum(context.pmi * given.pmi) as product
    from context
    join given using (skill_b)
    where context.skill_a <> lower($skill::text)
    group by context.skill_a
)
select
    likeness.skill,
    coalesce(skill.name, likeness.skill) as name,
    skill.kind,
    product / (length.length * own.length) as similarity,
    coalesce(both_postings, 0) / (total.mentions + given_total.mentions - coalesce(both_postings, 0)) as jaccard,
    coalesce(both_postings, 0) as both_postings,
    total.mentions,
    postings,
    employers
from likeness
join length using (skill)
join length as own on own.skill = lower($skill::text)
join skill_total as total on total.skill = likeness.skill
join skill_total as given_total on given_total.skill = lower($skill::text)
left join pair on pair.skill_a = lower($skill::text) and pair.skill_b = likeness.skill
left join skill on skill.skill = likeness.skill
cross join size
order by similarity desc, likeness.skill
limit $top::bigint;
