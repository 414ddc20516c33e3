-- One row for each group of copies of one role.
create view unique_posting as
select *
from posting
where posting_id = canonical_id;

-- What is open now, with the spell it is open in.
create view open_posting as
select
    posting.*,
    spell.opened_at,
    spell.left_truncated,
    greatest(spell.last_listed_at, board.last_complete_at) as last_listed_at
from posting
join spell using (posting_id)
left join board on board.board_id = spell.board_id
where spell.closed_at is null;

-- unique_posting with the day and the month a posting counts as new in: the day
-- its source states, else the day its first spell opened. Both are null when the
-- source states no believable day and the posting was open before we first
-- looked: such a posting is stock, and never new. An employer that the source does
-- not name is null, so that such postings do not count as one employer's.
create view dated_posting as
with first_spell as (
    select
        posting_id,
        min(opened_at)::date as opened_on,
        arg_min(left_truncated, opened_at) as left_truncated
    from spell
    group by posting_id
),
dated as (
    select
        unique_posting.* replace (nullif(employer_id, '') as employer_id),
        case
            when posted_on between date '1990-01-01' and seen_at::date + 1 then posted_on
            when not first_spell.left_truncated then first_spell.opened_on
        end as new_on
    from unique_posting
    left join first_spell using (posting_id)
)
select
    *,
    date_trunc('month', new_on)::date as month
from dated;

-- The bounds of the Wilson score interval (95 %) of hits among n. Null for n = 0.
-- Source: E. B. Wilson, Probable inference, the law of succession, and statistical
-- inference, JASA 22 (1927).
create macro wilson_lower(hits, n) as
    case when n > 0 then greatest(0, (hits + 1.9207294 - 1.959964 * sqrt(hits * (n - hits) / n + 0.9603647)) / (n + 3.8414588)) end;

create macro wilson_upper(hits, n) as
    case when n > 0 then least(1, (hits + 1.9207294 + 1.959964 * sqrt(hits * (n - hits) / n + 0.9603647)) / (n + 3.8414588)) end;

-- The chance that a standard normal value is at least as far from 0 as z, to
-- seven digits, and never above 1. Source: W. H. Press et al., Numerical Recipes (1992), erfcc.
create macro two_sided_p(z) as (
    with place as (select abs(z) / sqrt(2) as x, 1 / (1 + abs(z) / sqrt(8)) as t)
    select least(1, t * exp(-x * x - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418
        + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587
        + t * (-0.82215223 + t * 0.17087277))))))))))
    from place
);
