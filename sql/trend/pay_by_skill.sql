-- name:   pay_by_skill
-- title:  Yearly pay of postings that mention a skill: quartiles and disclosure
-- doc:    Among core postings that state pay in the one currency asked for; monthly, weekly,
-- doc:    daily and hourly pay is annualised by the rule kept with each posting. The pay of a
-- doc:    posting is the middle of its range. median_lower and median_upper bound the median
-- doc:    with 95 % by order statistics, for independent postings. disclosure is the share of
-- doc:    the postings with the skill that state any pay; postings and employers are those
-- doc:    the quartiles rest on. The first row, without a skill, is all core postings.
-- param:  skill text = null -- only this skill
-- param:  currency text = USD -- ISO 4217; pay in other currencies is never converted
-- param:  district text = null -- only postings that live in this district
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  top bigint in 1..1000 = 50 -- at most so many skills, those with the most stated pay
-- column: skill text, currency text, q1 double, median double, q3 double
-- column: median_lower double, median_upper double, disclosure double
-- column: mentions bigint, postings bigint, employers bigint
with in_scope as (
    select
        posting_id,
        employer_id,
        pay_annual_max is not null or pay_annual_min is not null as stated,
        case
            when pay_currency = upper($currency::text)
            then (coalesce(pay_annual_min, pay_annual_max) + coalesce(pay_annual_max, pay_annual_min)) / 2
        end as pay
    from dated_posting
    where standing = 'core'
      and ($seniority::text is null or seniority = $seniority)
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
      and (
          $district::text is null
          or posting_id in (select posting_id from posting_district where district = $district)
      )
),
group_member as (
    select
        posting_skill.skill,
        in_scope.*
    from in_scope
    join posting_skill using (posting_id)
    where $skill::text is null or posting_skill.skill = lower($skill::text)
    union all
    select
        null,
        in_scope.*
    from in_scope
),
group_total as (
    select
        skill,
        count(*) as mentions,
        count(pay) as postings,
        count(distinct employer_id) filter (where pay is not null) as employers,
        count(*) filter (where stated) / count(*) as disclosure,
        quantile_cont(pay, 0.25) as q1,
        quantile_cont(pay, 0.5) as median,
        quantile_cont(pay, 0.75) as q3,
        list(pay order by pay) filter (where pay is not null) as sorted
    from group_member
    group by skill
)
select
    skill,
    upper($currency::text) as currency,
    q1,
    median,
    q3,
    sorted[greatest(1, floor((postings - 1.959964 * sqrt(postings)) / 2)::bigint)] as median_lower,
    sorted[least(postings, ceil(1 + (postings + 1.959964 * sqrt(postings)) / 2)::bigint)] as median_upper,
    disclosure,
    mentions,
    postings,
    employers
from group_total
where postings > 0 or skill is null
order by skill is not null, postings desc, skill
limit $top::bigint + 1;
