-- name:   district_intersections
-- title:  Where districts meet: postings that live in two of them
-- doc:    Every pair of districts, among core postings. share is that of the core postings
-- doc:    that live in both; lift is that share over what it would be if the two met by chance.
-- param:  district text = null -- only pairs with this district
-- param:  street text = null -- only postings of this street
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  employment_type text in full_time|part_time|contract|temporary|internship|unspecified = null -- only this type of employment
-- param:  country text = null -- only postings with a place in this country, such as DE
-- param:  employer text = null -- only this employer, by id
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: district_a text, district_b text, both_postings bigint, both_employers bigint
-- column: share double, lower double, upper double, share_of_a double, share_of_b double
-- column: lift double, hybrid double, postings bigint, employers bigint
with scope as (
    select
        role_no,
        employer_no,
        hybrid
    from in_scope(only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type, only_country := $country,
        only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
),
size as (
    select
        count(*) as postings,
        count(distinct employer_no) as employers
    from scope
),
member as (
    select
        scope.*,
        role_district.district
    from scope
    join role_district using (role_no)
),
district_total as (
    select
        district,
        count(*) as postings
    from member
    group by district
),
meeting as (
    select
        a.district as district_a,
        b.district as district_b,
        count(*) as both_postings,
        count(distinct a.employer_no) as both_employers,
        avg(a.hybrid) as hybrid
    from member as a
    join member as b on b.role_no = a.role_no and b.district > a.district
    group by a.district, b.district
)
select
    total_a.district as district_a,
    total_b.district as district_b,
    coalesce(meeting.both_postings, 0) as both_postings,
    coalesce(meeting.both_employers, 0) as both_employers,
    coalesce(meeting.both_postings, 0) / size.postings as share,
    wilson_lower(coalesce(meeting.both_postings, 0), size.postings) as lower,
    wilson_upper(coalesce(meeting.both_postings, 0), size.postings) as upper,
    coalesce(meeting.both_postings, 0) / total_a.postings as share_of_a,
    coalesce(meeting.both_postings, 0) / total_b.postings as share_of_b,
    coalesce(meeting.both_postings, 0) * size.postings / (total_a.postings * total_b.postings) as lift,
    meeting.hybrid,
    size.postings,
    size.employers
from district_total as total_a
join district_total as total_b on total_b.district > total_a.district
cross join size
left join meeting on meeting.district_a = total_a.district and meeting.district_b = total_b.district
where $district::text is null or $district in (total_a.district, total_b.district)
order by both_postings desc, district_a, district_b;
