-- name:   stock
-- title:  Stock: postings open at the end of each period, by district, street, skill …
-- doc:    A role is open at the end of a period when one of its copies is: its spell began by
-- doc:    then and had not ended. The last period ends with the newest sweep. What a board had
-- doc:    open before its first sweep is not known, so the stock grows when a board joins: boards
-- doc:    says how many were known. A board that no complete sweep reached in a period carries
-- doc:    what was last known of it: carried says how many did. Only a complete sweep closes
-- doc:    anything, so boards that never had one (imported files, feeds of the newest) have no
-- doc:    stock that could be known; boards all counts them as if nothing of theirs ever closed. Long-lived postings weigh
-- doc:    more in a stock than in what is new (see demand). share is postings / total, with
-- doc:    employers as clusters; weighted adds up to total over districts or streets.
-- param:  by text in district|street|skill|country|city|employer|seniority|workplace|employment_type|source = district -- the dimension
-- param:  period text in month|week = month -- weeks begin on Monday
-- param:  boards text in swept|all = swept -- only boards that were ever swept completely, or all
-- param:  id text = null -- only this id of the dimension
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
-- param:  top bigint in 1..1000 = 20 -- at most so many ids
-- base:   total, total_employers
-- column: period date, id text, name text, postings bigint, employers bigint, weighted double
-- column: share double, lower double, upper double, total bigint, total_employers bigint
-- column: boards bigint, carried bigint, partial boolean
with scope as (
    select
        role_no,
        posting_id,
        employer_no,
        cluster,
        case $by::text
            when 'employer' then employer_id
            when 'seniority' then seniority
            when 'workplace' then workplace
            when 'employment_type' then employment_type
            when 'source' then source
        end as own_id
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where $skill::text is null or role_no in (select s.role_no from role_skill as s where s.skill = lower($skill::text))
),
swept_board as (
    select
        board_id,
        first_sweep_at,
        last_sweep_at
    from board
    where $boards::text = 'all'
       or board_id in (select board_id from sweep where verdict = 'complete')
),
bound as (
    select
        date_trunc($period::text, greatest(min(first_sweep_at), $from::date)) as first_period,
        date_trunc($period::text, least(max(last_sweep_at), $to::date)) as last_period,
        max(last_sweep_at) as as_of
    from swept_board
),
calendar as (
    select
        unnest(generate_series(first_period, last_period, length_of($period::text)))::date as period,
        as_of
    from bound
),
moment as (
    select
        period,
        least(period + length_of($period::text), as_of) as at_end,
        period + length_of($period::text) > as_of as partial
    from calendar
),
board_total as (
    select
        moment.period,
        count(distinct swept_board.board_id) as boards,
        count(distinct sweep.board_id) as answered
    from moment
    join swept_board on swept_board.first_sweep_at <= at_end
    left join sweep
        on sweep.board_id = swept_board.board_id
        and sweep.verdict = 'complete'
        and sweep.started_at between moment.period and at_end
    group by moment.period
),
open_then as (
    select distinct
        moment.period,
        posting.canonical_id as posting_id
    from spell
    semi join swept_board using (board_id)
    join posting using (posting_id)
    join moment
        on spell.opened_at <= at_end
        and (spell.closed_at is null or spell.closed_at > at_end)
),
stock as (
    select
        open_then.period,
        scope.*
    from open_then
    join scope using (posting_id)
),
cluster_total as (
    select
        period,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n
    from stock
    group by period, cluster
),
period_total as (
    select
        period,
        sum(n)::bigint as total,
        count(employer_no) as total_employers,
        count(*) as clusters,
        sum(n * n) as n_n
    from cluster_total
    group by period
),
member as materialized (
    select
        period,
        cluster,
        member.id,
        member.weight
    from stock
    join membership($by::text) as member using (role_no)
    where $id::text is null or member.id = $id
    union all
    select
        period,
        cluster,
        own_id,
        1.0
    from stock
    where own_id is not null
      and ($id::text is null or own_id = $id)
),
largest as (
    select id
    from member
    group by id
    order by count(*) desc, id
    limit $top::bigint
),
hit as (
    select
        period,
        id,
        cluster,
        count(*) as hits,
        sum(weight) as weighted
    from member
    semi join largest using (id)
    group by period, id, cluster
),
id_total as (
    select
        period,
        id,
        sum(hits)::bigint as postings,
        count(cluster_total.employer_no) as employers,
        sum(weighted) as weighted,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from hit
    join cluster_total using (period, cluster)
    group by period, id
),
-- an id that a period has none of is there with 0
grid as (
    select
        period,
        id,
        coalesce(postings, 0) as postings,
        coalesce(employers, 0) as employers,
        coalesce(weighted, 0) as weighted,
        coalesce(hits_hits, 0) as hits_hits,
        coalesce(hits_n, 0) as hits_n,
        total,
        total_employers,
        clusters,
        n_n
    from period_total
    cross join largest
    left join id_total using (period, id)
),
spread as (
    select
        *,
        design_effect(postings, total, hits_hits, hits_n, n_n, clusters) as deff
    from grid
)
select
    spread.period,
    spread.id,
    coalesce(name, spread.id) as name,
    postings,
    employers,
    weighted,
    postings / total as share,
    share_lower(postings, total, deff) as lower,
    share_upper(postings, total, deff) as upper,
    total,
    total_employers,
    boards,
    boards - answered as carried,
    partial
from spread
join moment using (period)
join board_total using (period)
left join name_of($by::text) using (id)
order by spread.period, spread.id;
