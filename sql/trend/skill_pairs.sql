-- name:   skill_pairs
-- title:  Skills that postings mention together
-- doc:    Among core postings. share is that of the postings that mention both; lift is that
-- doc:    share over what it would be if the two met by chance; pmi is ln(lift), and npmi is
-- doc:    pmi in [-1,1] (Bouma 2009): 1, never one without the other. lower and upper bound the
-- doc:    share with employers as clusters; lift_lower and lift_upper the lift, its logarithm
-- doc:    linearised with employers as clusters (Cochran 1977, section 6.3), by Student's t with
-- doc:    the geometric mean of the employers that the postings and the mentions effectively
-- doc:    rest on (Kish 1965), less one, for degrees of freedom, as chosen by simulation.
-- doc:    Without skill, only pairs among the skills mentioned most are counted.
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
        a,
        b,
        sum(hits)::bigint as mentions,
        count(employer_no) as mentioning_employers,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_pair
    join cluster_size using (cluster)
    group by a, b
),
cluster_skill as (
    select
        chosen.nth,
        scope.cluster,
        count(*) as hits
    from role_skill
    join chosen using (skill)
    join (select a as nth from shown union select b from shown) as wanted using (nth)
    join scope using (role_no)
    group by chosen.nth, scope.cluster
),
skill_spread as (
    select
        nth,
        sum(hits) as mentions,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_skill
    join cluster_size using (cluster)
    group by nth
),
-- sums over clusters of the products of their mentions of a, of b and of both
pair_spread as (
    select
        shown.a,
        shown.b,
        sum(in_a.hits * in_b.hits) as a_b,
        sum(in_a.hits * cluster_pair.hits) as a_ab,
        sum(in_b.hits * cluster_pair.hits) as b_ab
    from shown
    join cluster_skill as in_a on in_a.nth = shown.a
    join cluster_skill as in_b on in_b.nth = shown.b and in_b.cluster = in_a.cluster
    left join cluster_pair on cluster_pair.a = shown.a and cluster_pair.b = shown.b and cluster_pair.cluster = in_a.cluster
    group by shown.a, shown.b
),
estimate as (
    select
        pair.*,
        first_skill.skill as skill_a,
        second_skill.skill as skill_b,
        postings,
        employers,
        n_n,
        clusters,
        spread_a.mentions as in_a,
        spread_b.mentions as in_b,
        spread_a.hits_hits as a_a,
        spread_a.hits_n as a_n,
        spread_b.hits_hits as b_b,
        spread_b.hits_n as b_n,
        a_b,
        a_ab,
        b_ab,
        pair.mentions / postings as p_ab,
        spread_a.mentions / postings as p_a,
        spread_b.mentions / postings as p_b,
        design_effect(pair.mentions, postings, pair.hits_hits, pair.hits_n, n_n, clusters) as deff
    from pair
    join pair_spread using (a, b)
    join skill_spread as spread_a on spread_a.nth = pair.a
    join skill_spread as spread_b on spread_b.nth = pair.b
    join chosen as first_skill on first_skill.nth = pair.a
    join chosen as second_skill on second_skill.nth = pair.b
    cross join size
),
lifted as (
    select
        *,
        p_ab / (p_a * p_b) as lift,
        -- the sum over clusters of (both / mentions + n / postings - a / in_a - b / in_b) squared
        case
            when clusters > 1
            then 1.959964 * t_over_z(greatest(1, sqrt(postings * postings / n_n * mentions * mentions / hits_hits) - 1)) * sqrt(greatest(0, clusters / (clusters - 1) * (
                hits_hits / (mentions * mentions) + n_n / (postings * postings) + a_a / (in_a * in_a) + b_b / (in_b * in_b)
                + 2 * (hits_n / (mentions * postings) + a_b / (in_a * in_b)
                    - a_ab / (in_a * mentions) - b_ab / (in_b * mentions) - a_n / (in_a * postings) - b_n / (in_b * postings)))))
        end as margin
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
