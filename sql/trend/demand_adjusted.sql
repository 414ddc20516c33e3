-- name:   demand_adjusted
-- title:  New postings by month, seasonally adjusted where three years or more are there
-- doc:    Classical multiplicative decomposition (R. J. Hyndman, G. Athanasopoulos, Forecasting:
-- doc:    Principles and Practice, 2021, section 3.4): trend is the centred mean of 12 months,
-- doc:    factor the mean of postings / trend over the same month of all years, scaled to 1 over
-- doc:    the year, adjusted is postings / factor. It takes 36 whole months in a row, each with
-- doc:    postings, tagged by one taxonomy and without a break of the series; otherwise nothing
-- doc:    is adjusted, and note says why. All boards count (panel raw), so a board that joins
-- doc:    moves the trend.
-- param:  skill text = null -- only postings that mention this skill, by its id
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- column: month date, postings bigint, employers bigint, trend double, factor double, adjusted double
-- column: note text, partial boolean
with month_total as (
    select
        month,
        count(*) as postings,
        count(distinct employer_id) as employers
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source,
        first_month := $from, last_month := $to)
    where month is not null
      and ($skill::text is null or posting_id in (select s.posting_id from posting_skill as s where s.skill = lower($skill::text)))
    group by month
),
calendar as (
    select unnest(generate_series(min(month)::timestamp, max(month)::timestamp, interval 1 month))::date as month
    from month_total
),
series as (
    select
        month,
        coalesce(postings, 0) as postings,
        coalesce(employers, 0) as employers,
        month = (select date_trunc('month', max(seen_at)) from posting) as partial
    from calendar
    left join month_total using (month)
),
whole as (
    select
        count(*) as months,
        count(*) filter (where postings = 0) as hollow,
        (
            select min(on_day)
            from series_break
            where series in ('demand', 'all') and on_day > min(series.month) and on_day < max(series.month) + interval 1 month
        ) as break_on,
        (
            select count(distinct taxonomy)
            from (
                select mode(taxonomy) as taxonomy
                from dated_posting
                where standing = 'core' and month between min(series.month) and max(series.month)
                group by month
            )
        ) as taxonomies
    from series
    where not partial
),
verdict as (
    select
        case
            when months < 36 then 'not adjusted: it takes 36 whole months, and there are ' || months
            when hollow > 0 then 'not adjusted: ' || hollow || ' months have no postings'
            when break_on is not null then 'not adjusted: the series breaks on ' || break_on
            when taxonomies > 1 then 'not adjusted: tagged by different taxonomies'
        end as note
    from whole
),
smooth as (
    select
        month,
        case
            when row_number() over (order by month) > 6 and row_number() over (order by month desc) > 6
            then (avg(postings) over (order by month rows between 6 preceding and 5 following)
                + avg(postings) over (order by month rows between 5 preceding and 6 following)) / 2
        end as trend,
        postings
    from series
    where not partial
      and (select note from verdict) is null
),
season as (
    select
        month(month) as of_year,
        avg(postings / trend) as factor
    from smooth
    group by of_year
),
scaled as (
    select
        of_year,
        factor / avg(factor) over () as factor
    from season
)
select
    series.month,
    series.postings,
    employers,
    trend,
    factor,
    case when not partial then series.postings / factor end as adjusted,
    note,
    partial
from series
cross join verdict
left join smooth using (month)
left join scaled on of_year = month(series.month)
order by series.month;
