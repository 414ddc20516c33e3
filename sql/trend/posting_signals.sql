-- name:   posting_signals
-- title:  Signals: postings that were put up again, stay long, or leave out pay
-- doc:    One row for each open posting and each signal that it gives; words says it in a sentence.
-- doc:    reposted: it, or a posting of the same employer with nearly the same title and text, had
-- doc:    been gone before, so many times (value). long_visible: open for more days (value) than 95 % of the
-- doc:    n postings of its street, open and closed, were visible so far (reference). unchanged:
-- doc:    days since its text last changed or was first seen, from 90 on. copies: the role stands so many times at
-- doc:    once (value), from 5 on, in n places. no_pay: it states none, although the share reference of the n
-- doc:    postings of its board, at least half of 10 or more, do. date_refreshed: how often the
-- doc:    date it states was moved forward while employer, title and text stayed the same.
-- doc:    Threads of Hacker News keep their posts for ever, so that these are neither
-- doc:    long_visible nor unchanged. These are facts, with the numbers they rest on. None says why: each has ordinary reasons.
-- doc:    postings and employers are all there are, whatever the filters.
-- param:  signal text in reposted|long_visible|unchanged|copies|no_pay|date_refreshed = null -- only this signal
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street is this
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, ISO 3166-1 alpha-2
-- param:  employer text = null -- only this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  top bigint in 1..10000 = 200 -- at most so many rows
-- base:   postings, employers
-- column: posting_id text, employer_id text, employer text, title text, url text, street text, signal text
-- column: value double, reference double, n bigint, words text, postings bigint, employers bigint
with scope as materialized (
    select
        posting_id,
        employer_id
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := $country, only_employer := $employer, only_source := $source)
    where posting_id in (
        select posting.canonical_id
        from spell
        join posting using (posting_id)
        where spell.closed_at is null
    )
),
core as materialized (
    select
        role.posting_id,
        role.employer_id,
        role.board_id,
        role.street,
        role.new_on,
        posting.copies_id,
        coalesce(role.new_on, posting.seen_at::date) as first_on,
        posting.pay_min is not null or posting.pay_max is not null as states_pay
    from role
    join posting using (posting_id)
),
asked as materialized (
    select *
    from core
    semi join scope on scope.posting_id = core.posting_id
),
role_spell as materialized (
    select
        posting.canonical_id as posting_id,
        spell.posting_id as own_id,
        spell.opened_at,
        spell.left_truncated,
        spell.closed_at,
        coalesce(spell.closed_at, greatest(spell.last_listed_at, case when board.empty_sweeps = 0 then board.last_complete_at end)) as last_at
    from spell
    join posting using (posting_id)
    left join board on board.board_id = spell.board_id
    where posting.source <> 'hn'
),
changed as (
    select
        posting_id,
        max(seen_at) as changed_at
    from posting_change
    where not same_text
    group by posting_id
),
looked as (
    select
        posting_id,
        bool_or(closed_at is null) as is_open,
        min(opened_at) as opened_at,
        min_by(left_truncated, opened_at) as left_truncated,
        max(last_at) as last_at
    from role_spell
    group by posting_id
),
age as materialized (
    select
        core.posting_id,
        core.street,
        looked.is_open,
        looked.last_at,
        case when looked.left_truncated then least(core.new_on::timestamp, looked.opened_at) else looked.opened_at end as began_at,
        looked.opened_at,
        looked.left_truncated and core.new_on is null as at_least,
        looked.left_truncated and core.new_on is not null as as_stated,
        round(epoch(looked.last_at - began_at) / 43200) / 2 as days
    from looked
    join core using (posting_id)
),
street_age as (
    select
        street,
        quantile_cont(days, 0.95) as p95,
        count(*) as n
    from age
    group by street
),
span as materialized (
    select
        age.*,
        greatest(age.opened_at, changed.changed_at) as text_since
    from age
    semi join scope on scope.posting_id = age.posting_id
    left join changed using (posting_id)
),
board_pay as (
    select
        board_id,
        count(*) filter (states_pay) / count(*) as share,
        count(*) as n
    from core
    group by board_id
),
copy_total as (
    select
        posting.canonical_id as posting_id,
        count(*) as copies,
        coalesce(any_value(place_total.places), 0) as places
    from posting
    semi join scope on scope.posting_id = posting.canonical_id
    left join (
        select posting_id, count(*) as places
        from unique_place
        group by posting_id
    ) as place_total on place_total.posting_id = posting.canonical_id
    group by posting.canonical_id
),
-- Earlier runs of the same text, and spells that began a week or more after one
-- had ended.
run as (
    select
        posting_id,
        row_number() over (partition by copies_id order by first_on, posting_id) - 1 as earlier
    from core
    where copies_id is not null
),
returned as (
    select
        posting_id,
        max(returns) as returns
    from (
        select
            posting_id,
            count(*) as returns
        from (
            select
                posting_id,
                own_id,
                opened_at - lag(last_at) over (partition by own_id order by opened_at) as away
            from role_spell
        )
        where away >= interval 7 days
        group by posting_id, own_id
    )
    group by posting_id
),
repost as (
    select
        asked.posting_id,
        coalesce(run.earlier, 0) + coalesce(returned.returns, 0) as times
    from asked
    left join run using (posting_id)
    left join returned using (posting_id)
),
moved as (
    select
        posting_change.posting_id,
        posting_change.seen_at,
        posting_change.posted_on
    from posting_change
    semi join scope on scope.posting_id = posting_change.posting_id
    where same_text
      and posting_change.posted_on > posted_before
),
signal as (
    select
        posting_id,
        'reposted' as signal,
        times::double as value,
        null::double as reference,
        null::bigint as n,
        printf('was put up again %d time%s after it had been gone', times, if(times = 1, '', 's')) as words
    from repost
    where times > 0
    union all
    select
        span.posting_id,
        'long_visible',
        span.days,
        street_age.p95,
        street_age.n,
        printf('has been visible for %s%g days%s; 95 %% of the %d postings of its street for %g or less',
            if(span.at_least, 'at least ', ''), span.days, if(span.as_stated, ' by the date it states', ''), street_age.n, street_age.p95)
    from span
    join street_age using (street)
    where span.is_open
      and street_age.n >= 20
      and span.days > street_age.p95
    union all
    select
        span.posting_id,
        'unchanged',
        floor(epoch(span.last_at - span.text_since) / 86400),
        null,
        null,
        printf('text is unchanged since %s', strftime(span.text_since, '%Y-%m-%d'))
    from span
    where span.is_open
      and span.last_at - span.text_since >= interval 90 days
    union all
    select
        posting_id,
        'copies',
        copies,
        null,
        places,
        printf('stands %d times%s', copies, if(places = 0, '', printf(', in %d place%s', places, if(places = 1, '', 's'))))
    from copy_total
    where copies >= 5
    union all
    select
        asked.posting_id,
        'no_pay',
        0,
        board_pay.share,
        board_pay.n,
        printf('states no pay; %d %% of the %d postings of its board do', round(100 * board_pay.share)::bigint, board_pay.n)
    from asked
    join board_pay using (board_id)
    where not asked.states_pay
      and board_pay.n >= 10
      and board_pay.share >= 0.5
    union all
    select
        posting_id,
        'date_refreshed',
        count(*),
        null,
        null,
        printf('stated date was moved forward %d time%s without a change of the text, last to %s', count(*), if(count(*) = 1, '', 's'), strftime(max_by(posted_on, seen_at), '%Y-%m-%d'))
    from moved
    group by posting_id
),
size as (
    select
        count(*) as postings,
        count(distinct employer_id) as employers
    from core
)
select
    signal.posting_id,
    nullif(posting.employer_id, '') as employer_id,
    nullif(posting.employer, '') as employer,
    posting.title,
    posting.url,
    posting.street,
    signal.signal,
    signal.value,
    signal.reference,
    signal.n,
    signal.words,
    size.postings,
    size.employers
from signal
join posting using (posting_id)
cross join size
where $signal::text is null or signal.signal = $signal
order by signal.signal, signal.value desc, signal.posting_id
limit $top::bigint;
