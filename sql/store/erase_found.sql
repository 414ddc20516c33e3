-- The postings of a purge. A posting was last seen when its content was fetched,
-- when a sweep last listed it, or when it was found closed.
with last_listed as (
    select
        spell.posting_id,
        max(coalesce(spell.closed_at, greatest(spell.last_listed_at, coalesce(board.last_complete_at, spell.last_listed_at)))) as seen_at
    from spell
    left join board using (board_id)
    group by spell.posting_id
)
select
    posting.posting_id,
    posting.employer,
    posting.board_id
from posting
left join last_listed using (posting_id)
where regexp_replace(posting.url, '^https?://(www\.)?|[/#]+$', '', 'g') = regexp_replace($url::text, '^https?://(www\.)?|[/#]+$', '', 'g')
   or posting.employer_id = $employer::text
   or greatest(posting.seen_at, coalesce(last_listed.seen_at, posting.seen_at)) < $before::timestamp
order by posting.posting_id;
