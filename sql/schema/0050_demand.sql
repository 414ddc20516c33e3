-- What the demand trends need beside in_scope().

-- The names of the ids of a dimension; an id without a name stands for itself.
create macro name_of(dimension) as table
select district as id, name from district where dimension = 'district'
union all
select street, name from street where dimension = 'street'
union all
select skill, name from skill where dimension = 'skill'
union all
select employer_id, any_value(name) from employer where dimension = 'employer' group by employer_id;

-- Every posting, copies too, with the day it counts as new on, by the rule of
-- dated_posting.
create view dated_copy as
with first_spell as (
    select
        posting_id,
        min(opened_at)::date as opened_on,
        arg_min(left_truncated, opened_at) as left_truncated
    from spell
    group by posting_id
)
select
    posting.* replace (nullif(employer_id, '') as employer_id),
    case
        when posted_on between date '1990-01-01' and seen_at::date + 1 then posted_on
        when not first_spell.left_truncated then first_spell.opened_on
    end as new_on
from posting
left join first_spell using (posting_id);

-- The core postings that a matched panel is asked about, with the unit each belongs
-- to: its board, where that was ever swept completely, else its employer. What a board
-- holds must not hang on what other boards hold, so these are postings and not roles:
-- content is equal for copies of one employer. The parameters are those of in_scope().
create macro panel_scope(only_district := null, only_street := null, only_seniority := null, only_workplace := null,
    only_employment_type := null, only_country := null, only_employer := null, only_source := null) as table
select
    case when swept.board_id is not null then 'board ' || dated_copy.board_id else 'employer ' || coalesce(employer_id, posting_id) end as unit,
    swept.board_id is not null as is_board,
    posting_id,
    employer_id,
    fingerprint as content,
    new_on
from dated_copy
left join (select distinct board_id from sweep where verdict = 'complete') as swept using (board_id)
where standing = 'core'
  and new_on is not null
  and (only_street::text is null or street = only_street)
  and (only_seniority::text is null or seniority = only_seniority)
  and (only_workplace::text is null or workplace = only_workplace)
  and (only_employment_type::text is null or employment_type = only_employment_type)
  and (only_employer::text is null or employer_id = only_employer)
  and (only_source::text is null or source = only_source)
  and (only_district::text is null or posting_id in (select d.posting_id from posting_district as d where d.district = only_district))
  and (only_country::text is null or posting_id in (select p.posting_id from posting_place as p where p.country = only_country));

-- How long a period is: month, week or day.
create macro length_of(period) as
    case period when 'month' then interval 1 month when 'week' then interval 7 days else interval 1 day end;

-- The periods through all of which a board was watched: it had been swept completely
-- before the period began, and complete sweeps, the first of each day, went on without
-- a gap. A gap is longer than three times the board's usual (median) time from one to
-- the next, and than two days; it begins that usual time after the last before it, and
-- ends with the next, or with the newest sweep of any board. The periods it touches are
-- not watched, nor is the one it ends in: what opened meanwhile is found only then.
create macro watched(period) as table
with daily as (
    select
        board_id,
        min(started_at) as started_at
    from sweep
    where verdict = 'complete'
    group by board_id, started_at::date
),
answered as (
    select
        board_id,
        started_at,
        lead(started_at) over (partition by board_id order by started_at) as next_at
    from daily
),
now as (
    select max(finished_at) as as_of
    from sweep
),
rhythm as (
    select
        board_id,
        min(started_at) as first_at,
        coalesce(median(epoch(next_at) - epoch(started_at)), 0) as usual
    from answered
    group by board_id
),
gap as (
    select
        board_id,
        timestamp '1970-01-01' as from_at,
        first_at as to_at
    from rhythm
    union all
    select
        board_id,
        started_at + to_seconds(usual),
        coalesce(next_at, as_of)
    from answered
    join rhythm using (board_id)
    cross join now
    where epoch(coalesce(next_at, as_of)) - epoch(started_at) > greatest(2 * 86400, 3 * usual)
),
candidate as (
    select
        board_id,
        unnest(generate_series(date_trunc(period, first_at), date_trunc(period, as_of), length_of(period)))::date as on_day
    from rhythm
    cross join now
)
select
    board_id,
    on_day
from candidate
where not exists (
    select 1
    from gap
    where gap.board_id = candidate.board_id
      and from_at < on_day + length_of(period)
      and to_at > on_day
);
