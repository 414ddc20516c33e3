-- name:   move_skills
-- title:  Moves between streets or districts: how far, and the few skills that close it
-- doc:    From the typical profile of origin to what target asks. p(s) is the share of a
-- doc:    street's core postings that mention skill s, as must-have, nice-to-have or otherwise;
-- doc:    its weight in the target is p(s) times ln(all postings / postings that mention s), as
-- doc:    in tf-idf, so that what everybody asks counts little. distance is the part of that
-- doc:    weight the origin does not cover: sum of weight * (1 - min(1, p_origin / p_target))
-- doc:    over the sum of weight; 0 where the origin asks all of it as often, 1 where none.
-- doc:    It is asymmetric: the way back has another length. Each row is a skill, closes what
-- doc:    learning it takes off the distance, and distance_after what remains when it and
-- doc:    those above it are learned. Skills below min_share of the target are left out. It is
-- doc:    a distance of postings, not of people. postings and employers are those of the
-- doc:    smaller of the two profiles.
-- param:  by text in street|district = street -- moves between streets, or between districts
-- param:  origin text = null -- only from here, such as software/frontend
-- param:  target text = null -- only to here
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- param:  min_share double in 0..1 = 0.03 -- only skills that so large a share of the target mentions
-- param:  min_postings bigint in 1..1000000 = 30 -- only profiles of so many postings
-- param:  skills_each bigint in 1..50 = 5 -- at most so many skills a move
-- param:  top bigint in 1..1000 = 200 -- at most so many rows
-- column: origin text, origin_name text, target text, target_name text, distance double, step bigint
-- column: skill text, name text, origin_share double, target_share double, closes double, distance_after double
-- column: origin_postings bigint, target_postings bigint, postings bigint, employers bigint
with district_bit as (
    select
        district,
        1::bigint << (row_number() over (order by district) - 1) as bit
    from (select distinct district from role_district)
),
street_number as (
    select
        street,
        row_number() over (order by street) as number
    from (select distinct street from role where street is not null)
),
home as (
    select
        role_no,
        bit_or(bit) as homes
    from role_district
    join district_bit using (district)
    where $by::text = 'district'
    group by role_no
),
-- kind tells roles of other keys apart by a number, which groups faster than names
scope as materialized (
    select
        role_no,
        employer_no,
        case when $by::text = 'district' then homes else street_number.number end as kind
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
    left join home using (role_no)
    left join street_number using (street)
),
kind_key as (
    select
        kind,
        district as key
    from (select distinct kind from scope)
    join district_bit on kind & bit > 0
    where $by::text = 'district'
    union all
    select number, street
    from street_number
    where $by::text = 'street'
),
place as (
    select
        key,
        count(*) as postings,
        count(distinct employer_no) as employers
    from scope
    join kind_key using (kind)
    group by key
    having count(*) >= $min_postings::bigint
),
kind_mention as materialized (
    select
        kind,
        skill,
        count(*) as mentions
    from scope
    join role_skill using (role_no)
    group by kind, skill
),
mention as (
    select
        key,
        skill,
        sum(mentions) as mentions
    from kind_mention
    join kind_key using (kind)
    group by key, skill
),
rarity as (
    select
        skill,
        ln((select count(*) from scope) / sum(mentions)) as idf
    from kind_mention
    group by skill
),
profile as (
    select
        mention.key,
        mention.skill,
        mentions / postings as share
    from mention
    join place using (key)
),
gap as (
    select
        origin.key as origin,
        target.key as target,
        target.skill,
        coalesce(profile.share, 0) as origin_share,
        target.share as target_share,
        target.share * idf as weight,
        target.share * idf * greatest(0, 1 - coalesce(profile.share, 0) / target.share) as open
    from profile as target
    join rarity using (skill)
    join place as origin on origin.key <> target.key
    left join profile on profile.key = origin.key and profile.skill = target.skill
    where target.share >= $min_share::double
      and ($target::text is null or target.key = $target)
      and ($origin::text is null or origin.key = $origin)
),
stepped as (
    select
        *,
        open / sum(weight) over move as closes,
        sum(open) over move / sum(weight) over move as distance,
        row_number() over (partition by origin, target order by open desc, skill) as step
    from gap
    window move as (partition by origin, target)
),
walked as (
    select
        *,
        greatest(0, distance - sum(closes) over (partition by origin, target order by step)) as distance_after
    from stepped
    where closes > 0
)
select
    origin,
    coalesce(origin_district.name, origin_street.name, origin) as origin_name,
    target,
    coalesce(target_district.name, target_street.name, target) as target_name,
    distance,
    step,
    walked.skill,
    coalesce(skill.name, walked.skill) as name,
    origin_share,
    target_share,
    closes,
    distance_after,
    origin_place.postings as origin_postings,
    target_place.postings as target_postings,
    least(origin_place.postings, target_place.postings) as postings,
    least(origin_place.employers, target_place.employers) as employers
from walked
join place as origin_place on origin_place.key = origin
join place as target_place on target_place.key = target
left join district as origin_district on origin_district.district = origin
left join district as target_district on target_district.district = target
left join street as origin_street on origin_street.street = origin
left join street as target_street on target_street.street = target
left join skill on skill.skill = walked.skill
where step <= $skills_each::bigint
order by distance, origin, target, step
limit $top::bigint;
