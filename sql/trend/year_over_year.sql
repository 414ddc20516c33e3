-- name:   year_over_year
-- title:  New postings against the same period a year before
-- doc:    Only periods that were there a year before too; a week is compared with that 52 weeks
-- doc:    before. change is postings / postings_before - 1; lower and upper are its 95 % interval,
-- doc:    linearised on the logarithm with employers as clusters and Student's t with as many
-- doc:    degrees of freedom as there are effective employers, less one. panel matched compares
-- doc:    the boards that were watched through all of both periods; boards never swept
-- doc:    completely are matched by employers with postings in both (see demand_index). A
-- doc:    period whose year before was tagged mostly by another taxonomy, or that a break of
-- doc:    the series lies between, is left out.
-- param:  panel text in raw|matched = raw
-- param:  period text in month|week = month -- weeks begin on Monday
-- param:  skill text = null -- only postings that mention this skill, by its id
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first period
-- param:  to date = null -- last period
-- column: period date, change double, lower double, upper double, postings bigint, postings_before bigint
-- column: employers bigint, units bigint, partial boolean
with item as (
    select
        'all' as unit,
        true as is_board,
        posting_id as content,
        cluster,
        employer_id,
        date_trunc($period::text, new_on)::date as period
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where $panel::text = 'raw'
      and new_on is not null
      and ($skill::text is null or posting_id in (select s.posting_id from posting_skill as s where s.skill = lower($skill::text)))
    union all
    select
        unit,
        is_board,
        content,
        coalesce(employer_id, posting_id),
        employer_id,
        date_trunc($period::text, new_on)::date
    from panel_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where $panel::text = 'matched'
      and ($skill::text is null or posting_id in (select s.posting_id from posting_skill as s where s.skill = lower($skill::text)))
),
counted as (
    select
        unit,
        cluster,
        period,
        any_value(employer_id) as employer_id,
        count(distinct content) as n
    from item
    group by unit, cluster, period
),
year as (
    select
        period,
        case $period::text when 'week' then period - 364 else (period - interval 1 year)::date end as before
    from (select distinct period from item)
),
watch as (
    select
        'board ' || board_id as unit,
        on_day as period
    from watched($period::text)
    where $panel::text = 'matched'
    union
    select
        unit,
        period
    from counted
    where $panel::text = 'raw'
       or not unit like 'board %'
),
pair as (
    select
        year.period,
        year.before,
        now.unit
    from year
    join watch as now on now.period = year.period
    join watch as earlier on earlier.period = year.before and earlier.unit = now.unit
),
cluster_total as (
    select
        pair.period,
        counted.cluster,
        any_value(counted.employer_id) as employer_id,
        coalesce(sum(n) filter (where counted.period = pair.period), 0) as now,
        coalesce(sum(n) filter (where counted.period = pair.before), 0) as earlier
    from pair
    join counted on counted.unit = pair.unit and counted.period in (pair.period, pair.before)
    group by pair.period, counted.cluster
),
period_total as (
    select
        cluster_total.period,
        sum(now) as now,
        sum(earlier) as earlier,
        count(*) as clusters,
        count(employer_id) as employers,
        sum(now * now) as now_now,
        sum(now * earlier) as now_earlier,
        sum(earlier * earlier) as earlier_earlier
    from cluster_total
    group by cluster_total.period
),
spread as (
    select
        *,
        1.959964 * t_over_z(greatest(1, (now + earlier) * (now + earlier) / (now_now + 2 * now_earlier + earlier_earlier) - 1))
            * sqrt(greatest(0, clusters / (clusters - 1)
                * (now_now / (now * now) - 2 * now_earlier / (now * earlier) + earlier_earlier / (earlier * earlier)))) as half
    from period_total
    where now > 0
      and earlier > 0
      and clusters > 1
),
unit_total as (
    select
        period,
        count(*) as units
    from pair
    group by period
),
tagged as (
    select
        date_trunc($period::text, new_on)::date as period,
        mode(taxonomy) as taxonomy
    from dated_posting
    where standing = 'core'
    group by all
)
select
    period_total.period,
    period_total.now / nullif(period_total.earlier, 0) - 1 as change,
    period_total.now / nullif(period_total.earlier, 0) * exp(-half) - 1 as lower,
    period_total.now / nullif(period_total.earlier, 0) * exp(half) - 1 as upper,
    period_total.now::bigint as postings,
    period_total.earlier::bigint as postings_before,
    period_total.employers,
    units,
    (period_total.period + length_of($period::text)) > (select max(seen_at) from posting) as partial
from period_total
join year using (period)
join unit_total using (period)
left join spread using (period)
left join tagged using (period)
left join tagged as tagged_before on tagged_before.period = year.before
where (tagged.taxonomy = tagged_before.taxonomy or tagged_before.taxonomy is null)
  and not exists (
      select 1
      from series_break
      where series in ('demand', 'all')
        and on_day > year.before
        and on_day < period_total.period + length_of($period::text)
  )
  and ($from::date is null or period_total.period >= date_trunc($period::text, $from::date))
  and ($to::date is null or period_total.period <= $to::date)
order by period_total.period;
