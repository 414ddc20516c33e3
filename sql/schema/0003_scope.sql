-- What lifecycle adds to a posting. They are null where there is nothing to say.
alter table posting add column copies_id ubigint;  -- equal for all postings with nearly the same text, of one employer and title
alter table posting add column copied_from varchar; -- the posting of another employer that has the same text
alter table posting add column pay_flag varchar;    -- why the pay as stated is not believed
alter table posting add column date_flag varchar;   -- why a date as stated is not believed
alter table employer add column agency boolean;     -- staffing agency
alter table employer add column domain varchar;

drop view dated_posting;
drop view open_posting;
drop view unique_posting;

-- One row for each role: copies and reposts of it count once.
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

-- The places of a role: those of all its copies.
create view unique_place as
select distinct
    posting.canonical_id as posting_id,
    country,
    region,
    city
from posting_place
join posting using (posting_id);

-- unique_posting with the day and the month a role counts as new in: the day its
-- source states, else the day its first spell opened. Both are null when the
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

-- How many times wider a 95 % interval of Student's t is than the normal one, with
-- df degrees of freedom, at least 1; to 0.1 % from 3 degrees on. Source: Cornish-Fisher
-- expansion, M. Abramowitz, I. Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
create macro t_over_z(df) as
    1 + (1.210365 + (1.440077 + (1.304029 + 0.811002 / df) / df) / df) / df;

-- How many employers with hits, or without, whichever are fewer, a share effectively
-- rests on; 0 where there are none. Source of the effective number: L. Kish, Survey
-- Sampling (1965). The arguments are those of design_effect.
create macro telling_clusters(hits, n, hits_hits, hits_n, n_n, clusters) as
    case
        when clusters > 1 and hits > 0 and hits < n
        then least(hits * hits / hits_hits, coalesce((n - hits) * (n - hits) / nullif(n_n - 2 * hits_n + hits_hits, 0), clusters))
        else 0
    end;

-- How many times wider the variance of a share is between employers than if all
-- postings were independent, linearised; 0 where it cannot be told.
-- Source: W. G. Cochran, Sampling Techniques (1977), section 6.3.
create macro observed_effect(hits, n, hits_hits, hits_n, n_n, clusters) as
    case
        when clusters > 1 and hits > 0 and hits < n
        then clusters / (clusters - 1)
            * (hits_hits - 2 * (hits / n) * hits_n + (hits / n) * (hits / n) * n_n) / (hits * (1 - hits / n))
        else 0
    end;

-- By what n is to be divided, because the postings of one employer resemble each
-- other; at least 1. hits and n are the totals; hits_hits, hits_n and n_n are the sums
-- over clusters of the products of each cluster's own hits and n.
-- Where few employers have hits, or few have none, the variance observed between them
-- says little and mostly too little; so it is averaged with that of one more employer,
-- at an intraclass correlation of 0.2. What exceeds 1 is then widened by Student's t
-- with as many degrees of freedom as there are effective employers, less one.
-- Both were chosen by simulation: see TestIntervalsCoverTheTruth in pipeline/stats.
-- Source: design effect, Kish (1965); degrees of freedom, E. L. Korn, B. I. Graubard,
-- Survey Methodology 24 (1998).
create macro design_effect(hits, n, hits_hits, hits_n, n_n, clusters) as
    case
        when n > 0
        then 1 + power(t_over_z(greatest(1, n * n / n_n - 1)), 2) * greatest(0,
            (telling_clusters(hits, n, hits_hits, hits_n, n_n, clusters) * observed_effect(hits, n, hits_hits, hits_n, n_n, clusters)
                + 1 + 0.2 * (n_n / n - 1)) / (telling_clusters(hits, n, hits_hits, hits_n, n_n, clusters) + 1) - 1)
        else 1
    end;

-- The bounds of the 95 % interval of a share with employers as clusters: Wilson's,
-- with n divided by the design effect.
-- Source: E. L. Korn, B. I. Graubard, Confidence intervals for proportions with
-- small expected number of positive counts estimated from survey data, Survey
-- Methodology 24 (1998).
create macro share_lower(hits, n, deff) as wilson_lower(hits / deff, n / deff);
create macro share_upper(hits, n, deff) as wilson_upper(hits / deff, n / deff);
