-- name:   handshake_skills
-- title:  Handshake skills: what two districts share where they meet
-- doc:    For each pair of districts, the skills with a lift above 1 in both (their share of the
-- doc:    district's core postings over that of all), and a larger share of the postings that
-- doc:    live in both than of those in either alone. interaction is the lift in both over
-- doc:    the product of the two lifts: above 1, the meeting asks for it more than the two
-- doc:    districts together explain. excess is share_both less the larger of the shares on
-- doc:    either side alone, and lower and upper bound it (95 %, linearised, employers as
-- doc:    clusters: Cochran 1977, section 6.3). p is the larger of the p-values against the two
-- doc:    sides (intersection-union test, R. L. Berger, Technometrics 24, 1982); q is p after
-- doc:    Benjamini and Hochberg (1995) over the tests made: every skill of every pair asked
-- doc:    with enough mentions and a lift above 1 in both; p is 1 where no variance can be seen.
-- param:  with_district text = null -- with district: only the pair of the two
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  district text = null -- only pairs with this district
-- param:  min_mentions bigint in 1..1000000 = 10 -- only skills that so many postings of the meeting mention
-- param:  min_employers bigint in 1..1000000 = 5 -- only skills that so many employers of the meeting mention
-- param:  fdr double in 0..1 = 0.05 -- false-discovery rate
-- param:  top bigint in 1..1000 = 50 -- at most so many rows
-- column: district_a text, district_b text, skill text, name text, share double, lift_a double, lift_b double, lift_both double
-- column: interaction double, share_both double, share_a_alone double, share_b_alone double
-- column: excess double, lower double, upper double, p double, q double, significant boolean, tests bigint
-- column: mentions bigint, mentioning_employers bigint, postings bigint, employers bigint
with place as (
    select
        district,
        1::bigint << (row_number() over (order by district) - 1) as bit
    from (select distinct district from role_district)
),
-- the districts of a posting, a bit each: numbers group faster than lists
home as (
    select
        role_no,
        bit_or(bit) as homes
    from role_district
    join place using (district)
    group by role_no
),
scope as materialized (
    select
        role_no,
        employer_no,
        cluster,
        homes
    from in_scope(only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type, only_country := $country,
        only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
    left join home using (role_no)
),
pair as (
    select
        a.district as district_a,
        b.district as district_b,
        a.bit as bit_a,
        b.bit as bit_b
    from place as a
    join place as b on b.district > a.district
    where ($district::text is null or $district in (a.district, b.district))
      and ($with_district::text is null or $with_district in (a.district, b.district))
),
cluster_kind as (
    select
        cluster,
        homes,
        any_value(employer_no) as employer_no,
        count(*) as n
    from scope
    group by cluster, homes
),
-- what a cluster has in the meeting of a pair, and on either side alone
cluster_size as (
    select
        district_a,
        district_b,
        cluster,
        any_value(employer_no) as employer_no,
        coalesce(sum(n) filter (where (homes & bit_a) > 0 and (homes & bit_b) > 0), 0) as n_both,
        coalesce(sum(n) filter (where (homes & bit_a) > 0 and (homes & bit_b) = 0), 0) as n_a,
        coalesce(sum(n) filter (where (homes & bit_b) > 0 and (homes & bit_a) = 0), 0) as n_b
    from cluster_kind
    cross join pair
    where (homes & bit_a) > 0 or (homes & bit_b) > 0
    group by district_a, district_b, cluster
),
pair_size as (
    select
        district_a,
        district_b,
        sum(n_both) as n_both,
        sum(n_a) as n_a,
        sum(n_b) as n_b,
        count(distinct employer_no) filter (where n_both > 0) as employers,
        count(*) as clusters,
        sum(n_both * n_both) as both_both,
        sum(n_both * n_a) as both_a,
        sum(n_both * n_b) as both_b,
        sum(n_a * n_a) as a_a,
        sum(n_b * n_b) as b_b
    from cluster_size
    group by district_a, district_b
    having sum(n_both) > 0 and sum(n_a) > 0 and sum(n_b) > 0
),
size as (
    select count(*) as postings
    from scope
),
kind_total as (
    select
        skill,
        homes,
        count(*) as hits
    from scope
    join role_skill using (role_no)
    group by skill, homes
),
overall as (
    select
        skill,
        sum(hits) as hits
    from kind_total
    group by skill
),
-- only these need their variance between employers
candidate as (
    select
        district_a,
        district_b,
        kind_total.skill
    from kind_total
    cross join pair
    join pair_size using (district_a, district_b)
    join overall on overall.skill = kind_total.skill
    cross join size
    group by district_a, district_b, kind_total.skill
    having sum(kind_total.hits) filter (where (homes & bit_a) > 0 and (homes & bit_b) > 0) >= $min_mentions::bigint
       and sum(kind_total.hits) filter (where (homes & bit_a) > 0) / any_value(n_both + n_a) > any_value(overall.hits / postings)
       and sum(kind_total.hits) filter (where (homes & bit_b) > 0) / any_value(n_both + n_b) > any_value(overall.hits / postings)
),
mention as (
    select
        skill,
        cluster,
        homes,
        count(*) as hits
    from scope
    join role_skill using (role_no)
    join (select distinct candidate.skill from candidate) as wanted using (skill)
    where homes > 0
    group by skill, cluster, homes
),
addition as (
    select
        district_a,
        district_b,
        skill,
        cluster,
        coalesce(sum(hits) filter (where (homes & bit_a) > 0 and (homes & bit_b) > 0), 0) as h_both,
        coalesce(sum(hits) filter (where (homes & bit_a) > 0 and (homes & bit_b) = 0), 0) as h_a,
        coalesce(sum(hits) filter (where (homes & bit_b) > 0 and (homes & bit_a) = 0), 0) as h_b
    from mention
    join candidate using (skill)
    join pair using (district_a, district_b)
    where (homes & bit_a) > 0 or (homes & bit_b) > 0
    group by district_a, district_b, skill, cluster
),
skill_total as (
    select
        district_a,
        district_b,
        skill,
        sum(h_both) as h_both,
        sum(h_a) as h_a,
        sum(h_b) as h_b,
        count(employer_no) filter (where h_both > 0) as mentioning_employers,
        sum(power(h_both / pair_size.n_both - h_a / pair_size.n_a, 2)) as a_step_step,
        sum((h_both / pair_size.n_both - h_a / pair_size.n_a) * cluster_size.n_both / pair_size.n_both) as a_step_both,
        sum((h_both / pair_size.n_both - h_a / pair_size.n_a) * cluster_size.n_a / pair_size.n_a) as a_step_side,
        sum(power(h_both / pair_size.n_both - h_b / pair_size.n_b, 2)) as b_step_step,
        sum((h_both / pair_size.n_both - h_b / pair_size.n_b) * cluster_size.n_both / pair_size.n_both) as b_step_both,
        sum((h_both / pair_size.n_both - h_b / pair_size.n_b) * cluster_size.n_b / pair_size.n_b) as b_step_side
    from addition
    join cluster_size using (district_a, district_b, cluster)
    join pair_size using (district_a, district_b)
    group by district_a, district_b, skill
    having sum(h_both) >= $min_mentions::bigint
       and count(employer_no) filter (where h_both > 0) >= $min_employers::bigint
),
share as (
    select
        skill_total.*,
        pair_size.* exclude (district_a, district_b),
        overall.hits / postings as share,
        h_both / n_both as r_both,
        h_a / n_a as r_a,
        h_b / n_b as r_b,
        (h_both + h_a) / (n_both + n_a) / (overall.hits / postings) as lift_a,
        (h_both + h_b) / (n_both + n_b) / (overall.hits / postings) as lift_b
    from skill_total
    join pair_size using (district_a, district_b)
    join overall using (skill)
    cross join size
),
-- the standard error of the difference between the meeting and each side
spread as (
    select
        *,
        sqrt(greatest(0, clusters / (clusters - 1) * (a_step_step - 2 * (r_both * a_step_both - r_a * a_step_side)
            + r_both * r_both * both_both / (n_both * n_both) - 2 * r_both * r_a * both_a / (n_both * n_a) + r_a * r_a * a_a / (n_a * n_a)))) as error_a,
        sqrt(greatest(0, clusters / (clusters - 1) * (b_step_step - 2 * (r_both * b_step_both - r_b * b_step_side)
            + r_both * r_both * both_both / (n_both * n_both) - 2 * r_both * r_b * both_b / (n_both * n_b) + r_b * r_b * b_b / (n_b * n_b)))) as error_b
    from share
    where lift_a > 1
      and lift_b > 1
      and clusters > 1
),
tested as (
    select
        *,
        greatest(
            if(r_both > r_a and error_a > 1e-7, two_sided_p((r_both - r_a) / error_a) / 2, 1),
            if(r_both > r_b and error_b > 1e-7, two_sided_p((r_both - r_b) / error_b) / 2, 1)) as p,
        if(r_a >= r_b, error_a, error_b) as error,
        count(*) over () as tests
    from spread
),
ranked as (
    select
        *,
        row_number() over (order by p, district_a, district_b, skill) as nth
    from tested
),
adjusted as (
    select
        *,
        least(1, min(p * tests / nth) over (order by nth desc)) as q
    from ranked
)
select
    district_a,
    district_b,
    adjusted.skill,
    coalesce(skill.name, adjusted.skill) as name,
    share,
    lift_a,
    lift_b,
    r_both / share as lift_both,
    r_both / share / (lift_a * lift_b) as interaction,
    r_both as share_both,
    r_a as share_a_alone,
    r_b as share_b_alone,
    r_both - greatest(r_a, r_b) as excess,
    r_both - greatest(r_a, r_b) - 1.959964 * error as lower,
    r_both - greatest(r_a, r_b) + 1.959964 * error as upper,
    p,
    q,
    q <= $fdr::double as significant,
    tests,
    h_both::bigint as mentions,
    mentioning_employers,
    n_both::bigint as postings,
    employers
from adjusted
left join skill on skill.skill = adjusted.skill
where r_both > greatest(r_a, r_b)
order by significant desc, excess desc, district_a, district_b, adjusted.skill
limit $top::bigint;
