insert into city.sweep
select
    effect.board_id, effect.started_at, effect.finished_at, effect.verdict, effect.reason, effect.not_modified, effect.listed,
    (select count(*) from opened where opened.board_id = effect.board_id),
    (select count(*) from ended where ended.board_id = effect.board_id),
    effect.published, effect.rejected, effect.requests
from effect
order by effect.started_at, effect.board_id;

create or replace temp table board_before as
select * from city.board where board_id in (select board_id from effect);

delete from city.board where board_id in (select board_id from effect);

insert into city.board by name
select
    effect.board_id,
    effect.source,
    effect.board,
    coalesce(effect.employer, before.employer) as employer,
    coalesce(effect.url, before.url) as url,
    case when effect.resets then least(before.first_sweep_at, effect.started_at) else coalesce(before.first_sweep_at, effect.started_at) end as first_sweep_at,
    case when effect.resets then effect.started_at else greatest(effect.started_at, before.last_sweep_at) end as last_sweep_at,
    case when effect.resets or effect.started_at >= coalesce(before.last_sweep_at, effect.started_at) then effect.verdict else before.last_verdict end as last_verdict,
    case when effect.resets or effect.started_at >= coalesce(before.last_sweep_at, effect.started_at) then effect.reason else before.last_reason end as last_reason,
    case when effect.opens and effect.verdict = 'complete' then effect.started_at else effect.last_complete_at end as last_complete_at,
    effect.empty_since,
    effect.empty_sweeps
from effect
left join board_before as before using (board_id)
order by effect.board_id;

delete from city.late_sweep where board_id in (select board_id from effect);

insert into city.late_sweep
select board_id, late_at, behind
from effect
where behind > 0
  and not resets
order by board_id;

insert into city.clock_jump
select board_id, swept_before, started_at
from effect
where resets
order by board_id;
