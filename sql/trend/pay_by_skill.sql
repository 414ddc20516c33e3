-- name:   pay_by_skill
-- title:  Yearly pay of postings that mention a skill: quartiles and disclosure
-- doc:    Among core postings that state believable pay in the one currency asked for; monthly,
-- doc:    weekly, daily and hourly pay is annualised by the rule kept with each posting, and
-- doc:    the pay of a posting is the middle of its range. lower and upper bound the median and
-- doc:    the quartiles with 95 % by order statistics (R. S. Woodruff, JASA 47, 1952), n divided
-- doc:    by the design effect, with employers as clusters, of the share of pay up to each.
-- doc:    disclosure is the share of the postings with the skill that state any pay. The first
-- doc:    row, without a skill, is all core postings.
-- doc:    With convert_to, pay in other currencies counts too, by the last rate of store.rates in
-- doc:    the month the posting was new in (else of the month before): converted of the postings
-- doc:    were; not_converted state pay too, but have no month or no rate, and are not in them.
-- param:  skill text = null -- only this skill
-- param:  currency text = USD -- ISO 4217; pay in other currencies is left out
-- param:  convert_to text = null -- instead, pay in all currencies, converted to this one
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
-- column: median_lower double, median_upper double, q1_lower double, q1_upper double, q3_lower double, q3_upper double
-- column: disclosure double, converted bigint, not_converted bigint
-- column: mentions bigint, postings bigint, employers bigint
with scope as (
    select
        role_no,
        cluster,
        employer_no,
        pay is not null as stated,
        case when pay_currency = coalesce(upper($convert_to::text), upper($currency::text)) then pay else pay * factor end as pay,
        pay is not null and pay_currency <> upper($convert_to::text) as elsewhere
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    ) as scope
    left join rates_to(upper($convert_to::text)) as rates on rates.month = scope.month and rates.currency = scope.pay_currency
),
mention as (
    select
        skill,
        count(*) as mentions,
        count(*) filter (where stated) / count(*) as disclosure,
        count(*) filter (where elsewhere and pay is null) as not_converted
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
total as (
    select
        grp,
        count(*) as postings,
        count(distinct employer_no) as employers,
        quantile_cont(pay, 0.25) as q1,
        quantile_cont(pay, 0.5) as median,
        quantile_cont(pay, 0.75) as q3,
        list(pay order by pay) as sorted,
        count(*) filter (where elsewhere) as converted
    from paid
    group by grp
),
-- how the shares up to each quartile differ between clusters
spread as (
    select
        grp,
        design_effect(sum(to_q1), sum(n), sum(to_q1 * to_q1), sum(to_q1 * n), sum(n * n), count(*)) as q1_deff,
        design_effect(sum(to_median), sum(n), sum(to_median * to_median), sum(to_median * n), sum(n * n), count(*)) as median_deff,
        design_effect(sum(to_q3), sum(n), sum(to_q3 * to_q3), sum(to_q3 * n), sum(n * n), count(*)) as q3_deff
    from (
        select
            paid.grp,
            paid.cluster,
            count(*) filter (where pay <= q1) as to_q1,
            count(*) filter (where pay <= median) as to_median,
            count(*) filter (where pay <= q3) as to_q3,
            count(*) as n
        from paid
        join total on total.grp is not distinct from paid.grp
        group by paid.grp, paid.cluster
    )
    group by grp
),
asked as (
    select skill, disclosure, mentions, not_converted
    from mention
    union all
    select
        null,
        count(*) filter (where stated) / count(*),
        count(*),
        count(*) filter (where elsewhere and pay is null)
    from scope
)
select
    asked.skill,
    coalesce(upper($convert_to::text), upper($currency::text)) as currency,
    q1,
    median,
    q3,
    sorted[greatest(1, floor(0.5 * postings - 1.959964 * sqrt(0.25 * median_deff * postings))::bigint)] as median_lower,
    sorted[least(postings, 1 + floor(0.5 * postings + 1.959964 * sqrt(0.25 * median_deff * postings))::bigint)] as median_upper,
    sorted[greatest(1, floor(0.25 * postings - 1.959964 * sqrt(0.1875 * q1_deff * postings))::bigint)] as q1_lower,
    sorted[least(postings, 1 + floor(0.25 * postings + 1.959964 * sqrt(0.1875 * q1_deff * postings))::bigint)] as q1_upper,
    sorted[greatest(1, floor(0.75 * postings - 1.959964 * sqrt(0.1875 * q3_deff * postings))::bigint)] as q3_lower,
    sorted[least(postings, 1 + floor(0.75 * postings + 1.959964 * sqrt(0.1875 * q3_deff * postings))::bigint)] as q3_upper,
    disclosure,
    coalesce(converted, 0) as converted,
    not_converted,
    mentions,
    coalesce(postings, 0) as postings,
    coalesce(employers, 0) as employers
from asked
left join total on total.grp is not distinct from asked.skill
left join spread on spread.grp is not distinct from asked.skill
order by asked.skill is not null, postings desc, asked.skill;
