-- name:   rising_skills
-- title:  Skills whose share of postings rises or falls
-- doc:    Compares the share of new core postings that mention a skill in the last months with
-- doc:    that in as many months before. Postings of one employer resemble each other, so the
-- doc:    test is a score test of two proportions whose variance is taken between employers
-- doc:    (linearised, employers as clusters), and lower and upper bound the change likewise.
-- doc:    Every skill with enough mentions is tested, both ways; tests says how many. q is the
-- doc:    p-value after Benjamini and Hochberg (1995): of the skills marked significant, at
-- doc:    most the share fdr is expected to be there by chance.
-- param:  direction text in rising|falling|both = rising
-- param:  months bigint in 1..60 = 3 -- months in each of the two windows
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  to date = null -- last month of the later window; without it, the last complete month
-- param:  min_mentions bigint in 1..1000000 = 20 -- test only skills that so many postings of both windows mention
-- param:  min_employers bigint in 2..1000000 = 10 -- test only skills that so many employers mention
-- param:  fdr double in 0..1 = 0.05 -- false-discovery rate
-- param:  top bigint in 1..1000 = 50 -- at most so many skills
-- column: skill text, name text, share_before double, share double, change double, lower double, upper double
-- column: ratio double, p double, q double, significant boolean, tests bigint
-- column: mentions_before bigint, mentions bigint, mentioning_employers bigint
-- column: postings_before bigint, postings bigint, employers bigint, from_month date, to_month date
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
span as (
    select
        month as to_month,
        (month - to_months($months::integer - 1))::date as from_month,
        (month - to_months(2 * $months::integer - 1))::date as before_month
    from last_month
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
size as (
    select
        count(*) filter (where later) as postings,
        count(*) filter (where not later) as postings_before,
        count(distinct employer_no) as employers,
        count(distinct cluster) as clusters
    from scope
),
-- what part of each window an employer is; a posting without one stands alone
part as (
    select
        cluster,
        count(*) filter (where not later) / any_value(postings_before) as before,
        count(*) filter (where later) / any_value(postings) as now
    from scope
    cross join size
    group by cluster
),
part_total as (
    select
        sum(before * before) as before_before,
        sum(before * now) as before_now,
        sum(now * now) as now_now
    from part
),
-- what an employer adds to the share of a skill in each window
addition as (
    select
        role_skill.skill,
        scope.cluster,
        any_value(scope.employer_no) as employer_no,
        count(*) filter (where not later) as mentions_before,
        count(*) filter (where later) as mentions
    from scope
    join role_skill using (role_no)
    group by role_skill.skill, scope.cluster
),
skill_total as (
    select
        addition.skill,
        sum(mentions_before)::bigint as mentions_before,
        sum(mentions)::bigint as mentions,
        count(employer_no) as mentioning_employers,
        sum(mentions_before) / any_value(postings_before) as share_before,
        sum(mentions) / any_value(postings) as share,
        sum(mentions_before + mentions) / any_value(postings_before + postings) as pooled,
        sum(power(mentions / postings - mentions_before / postings_before, 2)) as step_step,
        sum((mentions / postings - mentions_before / postings_before) * part.before) as step_before,
        sum((mentions / postings - mentions_before / postings_before) * part.now) as step_now
    from addition
    join part using (cluster)
    cross join size
    where postings > 0
      and postings_before > 0
    group by addition.skill
    having sum(mentions_before + mentions) >= $min_mentions::bigint
       and count(employer_no) >= $min_employers::bigint
),
-- the variance of the change between employers: as observed, and as if there were none
spread as (
    select
        skill_total.*,
        sqrt(greatest(0, clusters / (clusters - 1) * (step_step - 2 * (share * step_now - share_before * step_before)
            + share * share * now_now - 2 * share * share_before * before_now + share_before * share_before * before_before))) as observed,
        sqrt(greatest(0, clusters / (clusters - 1) * (step_step - 2 * pooled * (step_now - step_before)
            + pooled * pooled * (now_now - 2 * before_now + before_before)))) as unchanged
    from skill_total
    cross join size
    cross join part_total
),
tested as (
    select
        *,
        two_sided_p((share - share_before) / unchanged) as p,
        count(*) over () as tests
    from spread
    where unchanged > 0
),
ranked as (
    select
        *,
        row_number() over (order by p, skill) as nth
    from tested
),
adjusted as (
    select
        *,
        least(1, min(p * tests / nth) over (order by nth desc)) as q
    from ranked
)
select
    adjusted.skill,
    coalesce(skill.name, adjusted.skill) as name,
    share_before,
    share,
    share - share_before as change,
    share - share_before - 1.959964 * observed as lower,
    share - share_before + 1.959964 * observed as upper,
    share / nullif(share_before, 0) as ratio,
    p,
    q,
    q <= $fdr::double as significant,
    tests,
    mentions_before,
    mentions,
    mentioning_employers,
    postings_before,
    postings,
    employers,
    from_month,
    to_month
from adjusted
cross join size
cross join span
left join skill on skill.skill = adjusted.skill
where case $direction::text
    when 'rising' then share > share_before
    when 'falling' then share < share_before
    else true
end
order by significant desc, abs(share - share_before) desc, adjusted.skill
limit $top::bigint;
