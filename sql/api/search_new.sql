-- name:   search_new
-- title:  Roles that are new to a saved search, in the order of their arrival
-- doc:    Roles with a number after one and up to another, which grows with every role that arrives or changes. A posting that was there before in another form (its content changed, it was tagged again, or a copy of it was seen earlier) is new only if it was first seen after a time, and so is every posting where floor is given. With open, postings without a spell yet count: the sweep that opens one may come after its posting.
-- param:  skills text = null -- ids of skills with commas between: only postings that mention all of them
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this employment type
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  employer text = null -- only postings of this employer, by its id
-- param:  source text = null -- only postings from this kind of board
-- param:  q text = null -- only titles that contain these words, whatever the case
-- param:  open boolean = false -- only postings that are not closed
-- param:  after bigint -- only roles with a higher number
-- param:  upto bigint -- only roles with this number or a lower one
-- param:  since bigint -- when a posting with a past must have been seen first, in microseconds of Unix time
-- param:  floor bigint = null -- when any posting must have been seen first, likewise
-- param:  top bigint in 1..1000 = 100 -- at most so many
-- column: role_no bigint, id text
with wanted as (
    select distinct trim(lower(unnest(string_split($skills::text, ',')))) as skill
),
came as (
    select
        role_no,
        posting_id,
        copies,
        posting_id in (select posting_id from posting_change)
            or posting_id in (select posting_id from posting_before) as has_past
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace,
        only_employment_type := $employment_type, only_country := upper($country::text), only_employer := $employer,
        only_source := $source
    )
    where role_no > $after::bigint
      and role_no <= $upto::bigint
      and (
          $skills::text is null
          or role_no in (
              select role_no
              from role_skill
              where role_no > $after::bigint
                and skill in (select skill from wanted)
              group by role_no
              having count(distinct skill) = (select count(*) from wanted)
          )
      )
      and ($q::text is null or posting_id in (select posting_id from posting where contains(lower(title), lower($q::text))))
      and (not $open::boolean or posting_id not in (select posting_id from spell group by posting_id having count(*) = count(closed_at)))
),
-- When a posting, and when any copy of it, was first seen: when its first spell
-- opened, or when its content was fetched if that is still the first. Null for one
-- that changed and was never swept.
copy as (
    select
        came.role_no,
        posting.posting_id = came.posting_id as itself,
        least(
            (select min(opened_at) from spell where spell.posting_id = posting.posting_id),
            case when posting.posting_id not in (select posting_id from posting_change) then posting.seen_at end
        ) as first_at
    from came
    join posting on posting.canonical_id = came.posting_id
    where came.has_past
       or came.copies > 0
       or $floor::bigint is not null
),
seen as (
    select
        role_no,
        min(first_at) as first_at,
        min(first_at) filter (where itself) as own_at
    from copy
    group by role_no
)
select
    came.role_no::bigint as role_no,
    came.posting_id as id
from came
left join seen using (role_no)
where (
    seen.first_at > make_timestamp($since::bigint)
    or (not came.has_past and (came.copies = 0 or seen.own_at <= seen.first_at))
)
  and ($floor::bigint is null or seen.first_at > make_timestamp($floor::bigint))
order by came.role_no
limit $top::bigint;
