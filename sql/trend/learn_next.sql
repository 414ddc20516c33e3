-- name:   learn_next
-- title:  What to learn next: the skills that open most postings to somebody who has some
-- doc:    Among the core postings that ask for at least one must-have skill. The caller's
-- doc:    skills cover a posting when its must-have skills are all among them. gain is what a
-- doc:    skill adds to the mean share of a posting's must-have skills that are known; such
-- doc:    gains add up, so the list in order of gain is what one would choose one by one.
-- doc:    opens is the number of postings where this skill alone is missing;
-- doc:    covered_after the share covered when it and all before it are learned, with its
-- doc:    interval (employers as clusters). Row 0 is the caller today. unknown names the
-- doc:    given skills that are not in the taxonomy. A posting that is covered is not an
-- doc:    offer: years, degree and place are not looked at.
-- param:  skills text -- ids of the skills the caller has, such as go,linux,docker
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
-- param:  top bigint in 1..200 = 10 -- at most so many skills
-- column: step bigint, skill text, name text, gain double, opens bigint, asked bigint
-- column: known_after double, covered_after double, lower double, upper double, covered_postings bigint
-- column: postings bigint, employers bigint, unknown text
with known as (
    select distinct lower(trim(id)) as skill
    from (select unnest(string_split($skills::text, ',')) as id)
    where trim(id) <> ''
),
scope as (
    select
        role_no,
        employer_no,
        cluster
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
),
ask as (
    select
        scope.role_no,
        role_skill.skill,
        known.skill is not null as known
    from scope
    join role_skill using (role_no)
    left join known on known.skill = role_skill.skill
    where need = 'must'
),
posting_total as (
    select
        role_no,
        count(*) as musts,
        count(*) filter (where not known) as missing
    from ask
    group by role_no
),
size as (
    select
        count(*) as postings,
        count(distinct employer_no) as employers,
        sum(1 - missing / musts) / count(*) as known_share
    from posting_total
    join scope using (role_no)
),
lesson as (
    select
        skill,
        sum(1 / musts) as gained,
        count(*) as asked,
        count(*) filter (where missing = 1) as opens,
        row_number() over (order by sum(1 / musts) desc, skill) as step
    from ask
    join posting_total using (role_no)
    where not known
    group by skill
),
-- the step at which the last missing skill of a posting is learned
covered as (
    select
        role_no,
        max(coalesce(lesson.step, 0)) as step
    from ask
    left join lesson on lesson.skill = ask.skill
    group by role_no
),
taken as (
    select 0 as step, null as skill, 0.0 as gained, null as opens, null as asked
    union all
    select step, skill, gained, opens, asked
    from lesson
    where step <= $top::bigint
),
cluster_size as (
    select
        cluster,
        count(*) as n
    from covered
    join scope using (role_no)
    group by cluster
),
whole as (
    select
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_size
),
cluster_total as (
    select
        taken.step,
        scope.cluster,
        count(*) as hits
    from covered
    join scope using (role_no)
    join taken on taken.step >= covered.step
    group by taken.step, scope.cluster
),
step_total as (
    select
        step,
        sum(hits) as hits,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_total
    join cluster_size using (cluster)
    group by step
)
select
    taken.step::bigint as step,
    taken.skill::text as skill,
    coalesce(skill.name, taken.skill)::text as name,
    taken.gained / postings as gain,
    taken.opens::bigint as opens,
    taken.asked::bigint as asked,
    known_share + sum(taken.gained) over (order by taken.step) / postings as known_after,
    coalesce(hits, 0) / postings as covered_after,
    share_lower(coalesce(hits, 0), postings, design_effect(hits, postings, hits_hits, hits_n, n_n, clusters)) as lower,
    share_upper(coalesce(hits, 0), postings, design_effect(hits, postings, hits_hits, hits_n, n_n, clusters)) as upper,
    coalesce(hits, 0)::bigint as covered_postings,
    postings,
    employers,
    (select string_agg(known.skill, ', ' order by known.skill) from known anti join skill using (skill)) as unknown
from taken
cross join size
cross join whole
left join step_total on step_total.step = taken.step
left join skill on skill.skill = taken.skill
where postings > 0
order by taken.step;
