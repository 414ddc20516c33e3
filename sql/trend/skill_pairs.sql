-- name:   skill_pairs
-- title:  Skills that postings mention together
-- doc:    Among core postings. share is that of the postings that mention both; lift is that
-- doc:    share over what it would be if the two met by chance; pmi is ln(lift), and npmi is
-- doc:    pmi in [-1,1] (Bouma 2009): 1, never one without the other. lower and upper bound the
-- doc:    share with employers as clusters; lift_lower and lift_upper the lift, by the delta
-- doc:    method on its logarithm, its variance times the design effect of the share. Without
-- doc:    skill, only pairs among the skills mentioned most are counted.
-- param:  skill text = null -- only pairs with this skill, which is then skill_a
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
-- param:  most_skills bigint in 2..1000 = 200 -- without skill: pairs among so many skills
-- param:  min_pairs bigint in 1..1000000 = 5 -- only pairs that at least so many postings mention
-- param:  top bigint in 1..1000 = 50 -- at most so many pairs
-- column: skill_a text, skill_b text, mentions bigint, mentioning_employers bigint
-- column: share double, lower double, upper double, share_of_a double, share_of_b double
-- column: lift double, lift_lower double, lift_upper double, pmi double, npmi double
-- column: postings bigint, employers bigint
with scope as (
    select
        role_no,
        employer_no,
        cluster
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
),
cluster_size as (
    select
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from scope
    group by cluster
),
size as (
    select
        sum(n)::bigint as postings,
        count(employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_size
),
skill_total as (
    select
        skill,
        count(*) as mentions
    from role_skill
    join scope using (role_no)
    group by skill
    having count(*) >= $min_pairs::bigint
),
-- numbers are joined and grouped faster than names, and are in the order of names
chosen as (
    select
        skill,
        (row_number() over (order by skill))::integer as nth
    from (
        select skill
        from skill_total
        qualify $skill::text is not null or row_number() over (order by mentions desc, skill) <= $most_skills::bigint
    )
),
mention as materialized (
    select
        role_no,
        cluster,
        nth
    from role_skill
    join scope using (role_no)
    join chosen using (skill)
    where $skill::text is null
       or role_no in (select having_it.role_no from role_skill as having_it where having_it.skill = lower($skill::text))
),
first as (
    select mention.*
    from mention
    join chosen using (nth)
    where $skill::text is null or skill = lower($skill::text)
),
-- only the pairs that are shown need their variance between employers
shown as (
    select
        first.nth as a,
        mention.nth as b
    from first
    join mention using (role_no)
    where case when $skill::text is null then first.nth < mention.nth else first.nth <> mention.nth end
    group by first.nth, mention.nth
    having count(*) >= $min_pairs::bigint
    order by count(*) desc, a, b
    limit $top::bigint
),
cluster_pair as (
    select
        shown.a,
        shown.b,
        first.cluster,
        count(*) as hits
    from first
    join shown on shown.a = first.nth
    join mention on mention.role_no = first.role_no and mention.nth = shown.b
    group by shown.a, shown.b, first.cluster
),
pair as (
    select
        first_skill.skill as skill_a,
        second_skill.skill as skill_b,
        sum(hits)::bigint as mentions,
        count(employer_no) as mentioning_employers,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_pair
    join cluster_size using (cluster)
    join chosen as first_skill on first_skill.nth = cluster_pair.a
    join chosen as second_skill on second_skill.nth = cluster_pair.b
    group by first_skill.skill, second_skill.skill
),
estimate as (
    select
        pair.*,
        postings,
        employers,
        pair.mentions / postings as p_ab,
        total_a.mentions / postings as p_a,
        total_b.mentions / postings as p_b,
        design_effect(pair.mentions, postings, hits_hits, hits_n, n_n, clusters) as deff
    from pair
    join skill_total as total_a on total_a.skill = skill_a
    join skill_total as total_b on total_b.skill = skill_b
    cross join size
),
lifted as (
    select
        *,
        p_ab / (p_a * p_b) as lift,
        1.959964 * sqrt(deff / postings * (
            p_ab * power(1 / p_ab - 1 / p_a - 1 / p_b + 1, 2)
            + (p_a - p_ab) * power(1 - 1 / p_a, 2)
            + (p_b - p_ab) * power(1 - 1 / p_b, 2)
            + (1 - p_a - p_b + p_ab))) as margin
    from estimate
)
select
    skill_a,
    skill_b,
    mentions,
    mentioning_employers,
    p_ab as share,
    share_lower(mentions, postings, deff) as lower,
    share_upper(mentions, postings, deff) as upper,
    p_ab / p_a as share_of_a,
    p_ab / p_b as share_of_b,
    lift,
    lift * exp(-margin) as lift_lower,
    lift * exp(margin) as lift_upper,
    ln(lift) as pmi,
    case when mentions = postings then 1.0 else ln(lift) / -ln(p_ab) end as npmi,
    postings,
    employers
from lifted
order by mentions desc, skill_a, skill_b;
