-- Copies under another employer: the same words, first offered by somebody else.
-- They are told, and not counted as one.
create or replace temp table shared_text as
with several as materialized (
    select text_id
    from city.posting_sketch
    where text_id in (select text_id from arrived where text_id <> 0)
    group by text_id
    having count(distinct set_id) > 1
),
same_text as materialized (
    select posting_no, text_id
    from city.posting_sketch
    where text_id in (from several)
),
same as (
    select
        same_text.text_id,
        posting.posting_no,
        posting.posting_id,
        posting.canonical_id,
        nullif(posting.employer_id, '') as employer_id,
        posting.copied_from,
        coalesce(posting.posted_on, posting.seen_at::date) as on_day
    from city.posting
    join same_text using (posting_no)
)
select
    posting_no,
    copied_from,
    first_value(employer_id) over first_come as first_employer,
    if(employer_id is null or employer_id = first_employer, null, first_value(canonical_id) over first_come) as from_role
from same
window first_come as (partition by text_id order by employer_id is null, on_day, posting_id rows between unbounded preceding and unbounded following);

update city.posting
set copied_from = shared.from_role
from (select posting_no, from_role from shared_text where from_role is distinct from copied_from) as shared
where posting.posting_no = shared.posting_no;
