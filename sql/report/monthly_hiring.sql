-- name:   monthly_hiring
-- title:  Monthly hiring report of a district: one measure a row
-- doc:    Counts are of unique new core postings of the month; before is the month before, and
-- doc:    a_year_before the same month of the year before, each null when nothing was seen then.
-- doc:    Shares are of the month's postings; median pay is yearly, in the currency, of postings
-- doc:    that state it, which are then what postings and employers count. An earlier month that
-- doc:    a number rests on is shown with its own n, and without the number where it has fewer
-- doc:    than min_postings postings or min_employers employers. Top skills and employers are by postings, with their share as value.
-- doc:    Risers are the skills whose share rose against the month before, by the statistic of
-- doc:    two proportions, first the furthest from chance; that is no test: rising_skills is one.
-- param:  district text = null -- only postings that live in this district
-- param:  month date = null -- any day of the month; without it, the last complete month
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  currency text = USD -- ISO 4217, of median pay
-- param:  source text = null -- only postings from this kind of board
-- param:  top bigint in 1..50 = 10 -- so many skills, employers and risers
-- param:  min_postings bigint in 1..1000000 = 10 -- an earlier month with fewer shows no number
-- param:  min_employers bigint in 1..1000000 = 3 -- an earlier month with fewer employers shows no number
-- column: section text, rank bigint, measure text, value double, before double, a_year_before double
-- column: month date, postings bigint, employers bigint, before_postings bigint, before_employers bigint
-- column: a_year_before_postings bigint, a_year_before_employers bigint
with scope as (
    select *
    from in_scope(only_district := $district, only_country := upper($country::text), only_source := $source)
    where month is not null
),
asked as (
    select coalesce(date_trunc('month', $month::date), max(month) filter (where month < (select date_trunc('month', max(seen_at)) from posting)))::date as month
    from scope
),
window_of as (
    select
        scope.*,
        case scope.month
            when asked.month then 'value'
            when asked.month - interval 1 month then 'before'
            when asked.month - interval 1 year then 'a_year_before'
        end as time
    from scope
    cross join asked
    where scope.month in (asked.month, asked.month - interval 1 month, asked.month - interval 1 year)
),
-- what the numbers of each month rest on: all its postings, or those with pay
size as (
    select
        time,
        paid,
        count(*) filter (where not paid or pay_currency = upper($currency::text) and pay is not null) as n,
        count(distinct employer_no) filter (where not paid or pay_currency = upper($currency::text) and pay is not null) as employers,
        n >= $min_postings::bigint and employers >= $min_employers::bigint as enough
    from window_of
    cross join (values (false), (true)) as base(paid)
    group by time, paid
),
measured as (
    select
        time,
        count(*)::double as new_postings,
        count(distinct employer_no)::double as hiring_employers,
        count(*) filter (where workplace = 'remote') / count(*) as remote_share,
        count(*) filter (where workplace = 'hybrid') / count(*) as hybrid_workplace_share,
        avg(hybrid) as hybrid_mix,
        count(pay) / count(*) as pay_disclosure,
        quantile_cont(pay, 0.5) filter (where pay_currency = upper($currency::text)) as median_pay
    from window_of
    group by time
),
overview as (
    unpivot measured
    on new_postings, hiring_employers, remote_share, hybrid_workplace_share, hybrid_mix, pay_disclosure, median_pay
    into name measure value amount
),
named as (
    select
        window_of.time,
        role_skill.skill,
        any_value(sizes.n) as total,
        count(*) as mentions,
        count(*) / any_value(sizes.n) as share
    from role_skill
    join window_of using (role_no)
    join size as sizes on sizes.time = window_of.time and not sizes.paid
    group by window_of.time, role_skill.skill
),
rise as (
    select
        now.skill,
        now.share,
        coalesce(earlier.share, 0) as before,
        (now.mentions + coalesce(earlier.mentions, 0)) / (now.total + sizes.n) as pooled,
        (now.share - coalesce(earlier.share, 0)) / sqrt(nullif(pooled * (1 - pooled) * (1 / now.total + 1 / sizes.n), 0)) as z
    from named as now
    join size as sizes on sizes.time = 'before' and not sizes.paid and sizes.enough
    left join named as earlier on earlier.skill = now.skill and earlier.time = 'before'
    where now.time = 'value'
),
hiring as (
    select
        window_of.time,
        employer_no,
        count(*) / any_value(sizes.n) as share
    from window_of
    join size as sizes on sizes.time = window_of.time and not sizes.paid
    where employer_no is not null
    group by window_of.time, employer_no
),
line as (
    select
        'overview' as section,
        list_position(['new_postings', 'hiring_employers', 'remote_share', 'hybrid_workplace_share', 'hybrid_mix', 'pay_disclosure', 'median_pay'], measure) as rank,
        measure,
        max(amount) filter (where time = 'value') as value,
        max(amount) filter (where time = 'before') as before,
        max(amount) filter (where time = 'a_year_before') as a_year_before
    from overview
    group by measure
    union all
    select
        'skill',
        row_number() over (order by max(share) filter (where time = 'value') desc, skill),
        skill,
        max(share) filter (where time = 'value'),
        max(share) filter (where time = 'before'),
        max(share) filter (where time = 'a_year_before')
    from named
    group by skill
    having max(share) filter (where time = 'value') > 0
    union all
    select
        'riser',
        row_number() over (order by z desc, rise.skill),
        rise.skill,
        rise.share,
        rise.before,
        named.share
    from rise
    left join named on named.skill = rise.skill and named.time = 'a_year_before'
    where z > 0
    union all
    select
        'employer',
        row_number() over (order by max(share) filter (where time = 'value') desc, any_value(employer.employer_id)),
        any_value(employer.name),
        max(share) filter (where time = 'value'),
        max(share) filter (where time = 'before'),
        max(share) filter (where time = 'a_year_before')
    from hiring
    join employer using (employer_no)
    group by employer_no
    having max(share) filter (where time = 'value') > 0
)
select
    section,
    rank,
    measure,
    value,
    case when earlier.enough then before end as before,
    case when year_ago.enough then a_year_before end as a_year_before,
    asked.month,
    now.n as postings,
    now.employers,
    coalesce(earlier.n, 0) as before_postings,
    coalesce(earlier.employers, 0) as before_employers,
    coalesce(year_ago.n, 0) as a_year_before_postings,
    coalesce(year_ago.employers, 0) as a_year_before_employers
from line
cross join asked
join size as now on now.time = 'value' and now.paid = (measure = 'median_pay' and section = 'overview')
left join size as earlier on earlier.time = 'before' and earlier.paid = now.paid
left join size as year_ago on year_ago.time = 'a_year_before' and year_ago.paid = now.paid
where section = 'overview' or rank <= $top::bigint
order by list_position(['overview', 'skill', 'riser', 'employer'], section), rank;
