-- name:   pay_by_skill
-- title:  Yearly pay of postings that mention a skill: quartiles and disclosure
-- doc:    Among core postings that state believable pay in the one currency asked for; monthly,
-- doc:    weekly, daily and hourly pay is annualised by the rule kept with each posting, and
-- doc:    the pay of a posting is the middle of its range. median_lower and median_upper bound
-- doc:    the median with 95 % by order statistics (Woodruff 1952), for employers as clusters.
-- doc:    disclosure is the share of the postings with the skill that state any pay. The first
-- doc:    row, without a skill, is all core postings.
-- param:  skill text = null -- only this skill
-- param:  currency text = USD -- ISO 4217; pay in other currencies is never converted
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..1000 = 50 -- at most so many skills, those with the most stated pay
-- column: skill text, currency text, q1 double, median double, q3 double
-- column: median_lower double, median_upper double, disclosure double
-- column: mentions bigint, postings bigint, employers bigint
with scope as (
    select
        role_no,
        cluster,
        employer_no,
        pay is not null as stated,
        case when pay_currency = upper($currency::text) then pay end as pay
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    )
),
mention as (
    select
        skill,
        count(*) as mentions,
        count(*) filter (where stated) / count(*) as disclosure
    from role_skill
    join scope using (role_no)
    where $skill::text is null or skill = lower($skill::text)
    group by skill
    having count(pay) > 0
    order by count(pay) desc, skill
    limit $top::bigint
),
paid as (
    select
        skill as grp,
        scope.*
    from role_skill
    join scope using (role_no)
    where scope.pay is not null
      and skill in (select skill from mention)
    union all
    select
        null,
        scope.*
    from scope
    where pay is not null
),
middle as (
    select
        grp,
        quantile_cont(pay, 0.5) as median
    from paid
    group by grp
),
spread as (
    select
        grp,
        design_effect(sum(hits), sum(n), sum(hits * hits), sum(hits * n), sum(n * n), count(*)) as deff
    from (
        select
            paid.grp,
            paid.cluster,
            count(*) filter (where pay <= median) as hits,
            count(*) as n
        from paid
        join middle on middle.grp is not distinct from paid.grp
        group by paid.grp, paid.cluster
    )
    group by grp
),
total as (
    select
        grp,
        count(*) as postings,
        count(distinct employer_no) as employers,
        quantile_cont(pay, 0.25) as q1,
        quantile_cont(pay, 0.5) as median,
        quantile_cont(pay, 0.75) as q3,
        list(pay order by pay) as sorted
    from paid
    group by grp
),
asked as (
    select skill, disclosure, mentions
    from mention
    union all
    select
        null,
        count(*) filter (where stated) / count(*),
        count(*)
    from scope
)
select
    asked.skill,
    upper($currency::text) as currency,
    q1,
    median,
    q3,
    sorted[greatest(1, floor(postings * (0.5 - 1.959964 * sqrt(0.25 * deff / postings)))::bigint)] as median_lower,
    sorted[least(postings, 1 + floor(postings * (0.5 + 1.959964 * sqrt(0.25 * deff / postings)))::bigint)] as median_upper,
    disclosure,
    mentions,
    coalesce(postings, 0) as postings,
    coalesce(employers, 0) as employers
from asked
left join total on total.grp is not distinct from asked.skill
left join spread on spread.grp is not distinct from asked.skill
order by asked.skill is not null, postings desc, asked.skill;
