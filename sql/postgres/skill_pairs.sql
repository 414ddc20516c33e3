-- sql/trend/skill_pairs.sql for PostgreSQL, with its defaults: no skill given, pairs
-- among the 200 skills mentioned most, at least 5 postings a pair, the first 50.
with scope as not materialized (
    select
        role_no,
        employer_no,
        cluster
    from role
    where (:scope)
),
cluster_size as (
    select
        cluster,
        max(employer_no) as employer_no,
        count(*) as n
    from scope
    group by cluster
),
size as (
    select
        sum(n)::float8 as postings,
        count(employer_no) as employers,
        count(*)::float8 as clusters,
        sum(n * n)::float8 as n_n
    from cluster_size
),
skill_total as (
    select
        skill_no,
        count(*)::float8 as mentions
    from role_skill
    join scope using (role_no)
    group by skill_no
    having count(*) >= 5
),
chosen as (
    select
        skill_no,
        skill,
        mentions
    from skill_total
    join skill using (skill_no)
    order by mentions desc, skill
    limit 200
),
mention as materialized (
    select
        role_no,
        cluster,
        skill_no
    from role_skill
    join scope using (role_no)
    join chosen using (skill_no)
),
-- only the pairs that are shown need their variance between employers
shown as (
    select
        first.skill_no as a,
        second.skill_no as b
    from mention as first
    join mention as second on second.role_no = first.role_no and second.skill_no > first.skill_no
    group by first.skill_no, second.skill_no
    having count(*) >= 5
    order by count(*) desc, a, b
    limit 50
),
cluster_pair as (
    select
        a,
        b,
        scope.cluster,
        count(*) as hits
    from shown
    join role_skill as first on first.skill_no = a
    join role_skill as second on second.skill_no = b and second.role_no = first.role_no
    join scope on scope.role_no = first.role_no
    group by a, b, scope.cluster
),
pair as (
    select
        a,
        b,
        sum(hits)::float8 as mentions,
        count(employer_no) as mentioning_employers,
        sum(hits * hits)::float8 as hits_hits,
        sum(hits * n)::float8 as hits_n
    from cluster_pair
    join cluster_size using (cluster)
    group by a, b
),
wanted as materialized (
    select a as skill_no from shown
    union
    select b from shown
),
cluster_skill as (
    select
        skill_no,
        cluster,
        count(*)::float8 as hits
    from role_skill
    join wanted using (skill_no)
    join scope using (role_no)
    group by skill_no, cluster
),
skill_spread as (
    select
        skill_no,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from cluster_skill
    join cluster_size using (cluster)
    group by skill_no
),
-- of two parts, because an outer join of what it cannot estimate becomes a nested loop
pair_spread as (
    select
        a,
        b,
        sum(a_b) as a_b,
        sum(a_ab) as a_ab,
        sum(b_ab) as b_ab
    from (
        select
            shown.a,
            shown.b,
            in_a.hits * in_b.hits as a_b,
            0 as a_ab,
            0 as b_ab
        from shown
        join cluster_skill as in_a on in_a.skill_no = shown.a
        join cluster_skill as in_b on in_b.skill_no = shown.b and in_b.cluster = in_a.cluster
        union all
        select
            cluster_pair.a,
            cluster_pair.b,
            0,
            in_a.hits * cluster_pair.hits,
            in_b.hits * cluster_pair.hits
        from cluster_pair
        join cluster_skill as in_a on in_a.skill_no = cluster_pair.a and in_a.cluster = cluster_pair.cluster
        join cluster_skill as in_b on in_b.skill_no = cluster_pair.b and in_b.cluster = cluster_pair.cluster
    ) as product
    group by a, b
),
estimate as (
    select
        pair.*,
        total_a.skill as skill_a,
        total_b.skill as skill_b,
        postings,
        employers,
        n_n,
        clusters,
        total_a.mentions as in_a,
        total_b.mentions as in_b,
        spread_a.hits_hits as a_a,
        spread_a.hits_n as a_n,
        spread_b.hits_hits as b_b,
        spread_b.hits_n as b_n,
        a_b,
        a_ab,
        b_ab,
        pair.mentions / postings as p_ab,
        total_a.mentions / postings as p_a,
        total_b.mentions / postings as p_b,
        design_effect(pair.mentions, postings, pair.hits_hits, pair.hits_n, n_n, clusters) as deff
    from pair
    join pair_spread using (a, b)
    join skill_spread as spread_a on spread_a.skill_no = pair.a
    join skill_spread as spread_b on spread_b.skill_no = pair.b
    join chosen as total_a on total_a.skill_no = pair.a
    join chosen as total_b on total_b.skill_no = pair.b
    cross join size
),
lifted as (
    select
        *,
        p_ab / (p_a * p_b) as lift,
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
    mentions::bigint as mentions,
    mentioning_employers,
    p_ab as share,
    wilson_lower(mentions / deff, postings / deff) as lower,
    wilson_upper(mentions / deff, postings / deff) as upper,
    p_ab / p_a as share_of_a,
    p_ab / p_b as share_of_b,
    lift,
    lift * exp(-margin) as lift_lower,
    lift * exp(margin) as lift_upper,
    ln(lift) as pmi,
    case when mentions = postings then 1.0 else ln(lift) / -ln(p_ab) end as npmi,
    postings::bigint as postings,
    employers
from lifted
order by mentions desc, skill_a, skill_b;
