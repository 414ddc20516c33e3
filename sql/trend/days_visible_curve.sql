-- name:   days_visible_curve
-- title:  Days visible: the share of postings still there, by their age
-- doc:    The share of postings (visible) that are on their boards longer than day, at each age
-- doc:    at which any ended; between two rows it stays what it was. at_risk were under watch
-- doc:    just before, and ended of them ended. It is not the time to fill a role.
-- doc:    Of unique core postings. A posting that vanished did so between its last listing and
-- doc:    the first complete sweep without it, and counts as ended in the middle; one that is
-- doc:    open, or whose board does not answer, counts for as long as it was listed
-- doc:    (right-censored). One that stood there before its board was first looked at enters at
-- doc:    the age that its source states (left truncation), and is left out where none is stated.
-- doc:    Estimate: Kaplan and Meier (1958) with delayed entry, begun at the age from which five
-- doc:    are under watch. Interval, 95 %: log-log with Greenwood's variance times the design
-- doc:    effect deff of employers as clusters.
-- param:  by text in all|district|street|seniority|workplace|employment_type|country|employer|source|month = all -- one row for each of these
-- param:  gap bigint in 0..365 = 30 -- spells of a role at most so many days apart are one visible time
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street is this
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, ISO 3166-1 alpha-2
-- param:  employer text = null -- only this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month the postings were new in
-- param:  to date = null -- last month the postings were new in
-- param:  until bigint in 1..3650 = 120 -- no ages beyond so many days
-- column: id text, name text, day double, visible double, lower double, upper double, at_risk bigint, ended bigint
-- column: postings bigint, employers bigint
with scope as materialized (
    select
        posting_id,
        employer_id,
        cluster,
        case $by::text
            when 'all' then 'all'
            when 'street' then street
            when 'seniority' then seniority
            when 'workplace' then workplace
            when 'employment_type' then employment_type
            when 'employer' then employer_id
            when 'source' then source
            when 'month' then strftime(month, '%Y-%m')
        end as own_group
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source,
        first_month := $from, last_month := $to)
),
-- A posting is in one group, or in all the districts or countries that it lives in.
member as (
    select posting_id, own_group as id
    from scope
    where own_group is not null
    union all
    select posting_id, district
    from posting_district
    where $by = 'district'
    union all
    select distinct posting_id, country
    from unique_place
    where $by = 'country'
      and country is not null
),
stay as materialized (
    select
        member.id,
        scope.posting_id,
        scope.employer_id,
        scope.cluster,
        visible_time.entered,
        visible_time.left_at,
        visible_time.ended
    from visible_time($gap::bigint) as visible_time
    join scope using (posting_id)
    join member using (posting_id)
    where visible_time.left_at > visible_time.entered
),
-- The ages at which postings come under watch or leave it.
age as (
    select
        id,
        day,
        sum(entries) as entries,
        sum(exits) as exits,
        sum(ends) as ends
    from (
        select id, entered as day, 1 as entries, 0 as exits, 0 as ends from stay
        union all
        select id, left_at, 0, 1, ended::integer from stay
    )
    group by id, day
),
risk as (
    select
        id,
        day,
        ends,
        coalesce(sum(entries - exits) over (partition by id order by day rows between unbounded preceding and 1 preceding), 0) as at_risk,
        lag(day) over (partition by id order by day) as day_before
    from age
),
begun as (
    select
        *,
        bool_or(at_risk >= least(5, most)) over (partition by id order by day rows unbounded preceding) as counts
    from (select *, max(at_risk) over (partition by id) as most from risk)
),
curve as materialized (
    select
        id,
        day,
        day_before,
        counts,
        at_risk,
        if(counts, ends, 0) as ended,
        coalesce(product(1 - if(counts, ends, 0) / nullif(at_risk, 0)) over so_far, 1) as visible,
        coalesce(sum(if(counts, ends, 0) / nullif(at_risk * (at_risk - ends), 0)) over so_far, 0) as greenwood,
        coalesce(sum(if(counts, ends, 0) / nullif(at_risk * at_risk, 0)) over so_far, 0) as hazard
    from begun
    window so_far as (partition by id order by day rows unbounded preceding)
),
middle as (
    select
        id,
        coalesce(min(day) filter (ended > 0 and visible <= 0.5 + 1e-9), max(day) filter (ended > 0)) as day
    from curve
    group by id
),
-- How far each posting pulls the estimate at the middle, summed by employer.
pull as (
    select
        stay.id,
        stay.cluster,
        count(*) as stays,
        sum(pulled) as together,
        sum(pulled * pulled) as alone
    from (
        select
            stay.id,
            stay.cluster,
            least(at_entry.hazard, at_middle.hazard) - least(at_end.hazard, at_middle.hazard)
                + if(stay.ended and at_end.counts and stay.left_at <= middle.day, 1 / at_end.at_risk, 0) as pulled
        from stay
        join curve as at_entry on at_entry.id = stay.id and at_entry.day = stay.entered
        join curve as at_end on at_end.id = stay.id and at_end.day = stay.left_at
        join middle on middle.id = stay.id
        join curve as at_middle on at_middle.id = middle.id and at_middle.day = middle.day
    ) as stay
    group by stay.id, stay.cluster
),
design as (
    select
        id,
        case
            when count(*) > 1 and sum(alone) > 0
            then greatest(1, count(*) / (count(*) - 1) * (sum(stays) - 1) / sum(stays) * sum(together * together) / sum(alone))
            else 1
        end as deff
    from pull
    group by id
),
bounded as (
    select
        curve.*,
        coalesce(design.deff, 1) as deff,
        1.959964 * sqrt(coalesce(design.deff, 1) * greenwood) / nullif(abs(ln(nullif(visible, 0))), 0) as half,
        visible ** exp(half) as lower,
        visible ** exp(-half) as upper
    from curve
    left join design using (id)
),
group_total as (
    select
        id,
        count(distinct posting_id) as postings,
        case when $by = 'employer' then (select count(distinct employer_id) from stay) else count(distinct employer_id) end as employers,
        count(*) filter (ended) as ended,
        count(*) filter (not ended) as still_visible,
        count(*) filter (entered > 0) as entered_late
    from stay
    group by id
),
named as (
    select district as id, name from district where $by = 'district'
    union all
    select street, name from street where $by = 'street'
    union all
    select employer_id, name from employer where $by = 'employer'
)
select
    id,
    coalesce(named.name, id) as name,
    day,
    visible,
    lower,
    upper,
    at_risk::bigint as at_risk,
    bounded.ended::bigint as ended,
    postings,
    employers
from bounded
join group_total using (id)
left join named using (id)
where bounded.ended > 0
  and day <= $until::bigint
order by postings desc, id, day;
