-- name:   posting_signal
-- title:  The signals a posting gives
-- doc:    reposted: it, or a posting of the same employer with nearly the same title and text, had
-- doc:    been gone before, so many times (value). long_visible: open for more days (value) than 95 % of the
-- doc:    n postings of its street, open and closed, were visible so far (reference). unchanged:
-- doc:    days since its text last changed or was first seen, from 90 on. copies: the role stands so many times at
-- doc:    once (value), from 5 on, in n places. no_pay: it states none, although the share reference of the n
-- doc:    postings of its board, at least half of 10 or more, do. date_refreshed: how often the
-- doc:    date it states was moved forward while employer, title and text stayed the same.
-- doc:    Threads of Hacker News keep their posts for ever, so that these are neither
-- doc:    long_visible nor unchanged. These are facts, with the numbers they rest on. None says why: each has ordinary reasons.
-- param:  id text -- the posting's id
-- column: signal text, value double, reference double, n bigint, words text
with
-- The role that the posting is, or is a copy of.
one as materialized (
    select canonical_id
    from posting
    where posting_key = key_of($id::text)
      and posting_id = $id::text
),
head as materialized (
    select posting.*
    from posting
    join one on one.canonical_id = posting.posting_id
    where posting.posting_key = (select key_of(canonical_id) from one)
),
asked as materialized (
    select
        role.posting_id,
        role.board_id,
        role.street,
        head.copies_id,
        head.pay_min is not null or head.pay_max is not null as states_pay
    from head
    join role using (posting_no)
),
copy as materialized (
    select
        posting_id,
        posting_no,
        posting_key,
        canonical_id
    from posting
    where canonical_id in (select posting_id from asked)
),
-- Its like in street and text; the street only if it may be long visible, which only
-- what is open can be.
core as materialized (
    select
        posting_id,
        street,
        new_on
    from role
    where street in (
            select street
            from asked
            where exists (from spell where closed_at is null and posting_key in (select posting_key from copy))
        )
       or posting_id in (select posting_id from asked)
),
own as materialized (
    select
        posting_id,
        posting_key,
        canonical_id
    from posting
    where canonical_id in (select posting_id from core)
      and source <> 'hn'
),
role_spell as materialized (
    select
        own.canonical_id as posting_id,
        spell.posting_id as own_id,
        spell.opened_at,
        spell.left_truncated,
        spell.closed_at,
        coalesce(spell.closed_at, greatest(spell.last_listed_at, case when board.empty_sweeps = 0 then board.last_complete_at end)) as last_at
    from spell
    join own using (posting_key)
    left join board on board.board_id = spell.board_id
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
    where street in (select street from asked)
    group by street
),
span as materialized (
    select
        age.*,
        greatest(age.opened_at, (select max(seen_at) from posting_change where posting_id in (select posting_id from asked) and not same_text)) as text_since
    from age
    semi join asked on asked.posting_id = age.posting_id
),
board_pay as (
    select
        board_id,
        count(*) filter (pay_min is not null or pay_max is not null) / count(*) as share,
        count(*) as n
    from unique_posting
    where standing = 'core'
      and board_id in (select board_id from asked)
    group by board_id
),
copy_total as (
    select
        canonical_id as posting_id,
        count(*) as copies,
        (select count(*) from (select distinct country, region, city from posting_place where posting_no in (select posting_no from copy))) as places
    from copy
    group by canonical_id
),
-- Earlier runs of the same text, and spells that began a week or more after one
-- had ended.
run as (
    select
        role.posting_id,
        row_number() over (order by coalesce(role.new_on, posting.seen_at::date), role.posting_id) - 1 as earlier
    from posting
    join role using (posting_no)
    where posting.copies_id in (select copies_id from asked)
),
returned as (
    select max(returns) as returns
    from (
        select count(*) as returns
        from (
            select
                own_id,
                opened_at - lag(last_at) over (partition by own_id order by opened_at) as away
            from role_spell
            where posting_id in (select posting_id from asked)
        )
        where away >= interval 7 days
        group by own_id
    )
),
repost as (
    select
        asked.posting_id,
        coalesce(run.earlier, 0) + coalesce(returned.returns, 0) as times
    from asked
    left join run using (posting_id)
    cross join returned
),
moved as (
    select
        posting_id,
        seen_at,
        posted_on
    from posting_change
    where posting_id in (select posting_id from asked)
      and same_text
      and posted_on > posted_before
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
)
select
    signal,
    value,
    reference,
    n,
    words
from signal
order by list_position(['reposted', 'long_visible', 'unchanged', 'copies', 'no_pay', 'date_refreshed'], signal);
