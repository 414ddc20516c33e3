-- name:   skill_pairs
-- title:  Skills that postings mention together
-- doc:    Among core postings. share is that of the postings that mention both; lift is that
-- doc:    share over what it would be if the two met by chance; npmi is the normalised
-- doc:    pointwise mutual information in [-1,1] (Bouma 2009): 1, never one without the other.
-- param:  skill text = null -- only pairs with this skill, which is then skill_a
-- param:  district text = null -- only postings that live in this district
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  min_pairs bigint in 1..1000000 = 5 -- only pairs that at least so many postings mention
-- param:  top bigint in 1..1000 = 50 -- at most so many pairs
-- column: skill_a text, skill_b text, mentions bigint, mentioning_employers bigint
-- column: share double, lower double, upper double, share_of_a double, share_of_b double
-- column: lift double, npmi double, postings bigint, employers bigint
with in_scope as (
    select
        posting_id,
        employer_id
    from dated_posting
    where standing = 'core'
      and ($source::text is null or source = $source)
      and ($from::date is null or month >= date_trunc('month', $from::date))
      and ($to::date is null or month <= $to::date)
      and (
          $district::text is null
          or posting_id in (select posting_id from posting_district where district = $district)
      )
),
size as (
    select
        count(*) as postings,
        count(distinct employer_id) as employers
    from in_scope
),
mentioned as (
    select
        in_scope.posting_id,
        in_scope.employer_id,
        posting_skill.skill
    from in_scope
    join posting_skill using (posting_id)
),
skill_total as (
    select
        skill,
        count(*) as mentions
    from mentioned
    group by skill
    having count(*) >= $min_pairs::bigint
),
frequent as (
    select mentioned.*
    from mentioned
    semi join skill_total using (skill)
),
pair as (
    select
        a.skill as skill_a,
        b.skill as skill_b,
        count(*) as mentions,
        count(distinct a.employer_id) as mentioning_employers
    from frequent as a
    join frequent as b using (posting_id)
    where case when $skill::text is null then a.skill < b.skill else a.skill = lower($skill::text) and a.skill <> b.skill end
    group by a.skill, b.skill
    having count(*) >= $min_pairs::bigint
)
select
    skill_a,
    skill_b,
    pair.mentions,
    pair.mentioning_employers,
    pair.mentions / postings as share,
    wilson_lower(pair.mentions, postings) as lower,
    wilson_upper(pair.mentions, postings) as upper,
    pair.mentions / total_a.mentions as share_of_a,
    pair.mentions / total_b.mentions as share_of_b,
    pair.mentions * postings / (total_a.mentions * total_b.mentions) as lift,
    case
        when pair.mentions = postings then 1.0
        else ln(pair.mentions * postings / (total_a.mentions * total_b.mentions)) / -ln(pair.mentions / postings)
    end as npmi,
    postings,
    employers
from pair
join skill_total as total_a on total_a.skill = skill_a
join skill_total as total_b on total_b.skill = skill_b
cross join size
order by pair.mentions desc, skill_a, skill_b
limit $top::bigint;
