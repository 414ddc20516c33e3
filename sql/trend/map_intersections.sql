-- name:   map_intersections
-- title:  Every crossing of the map: postings that live in two or three districts at once
-- doc:    Among the core postings: all pairs and triples that occur. postings live in all the
-- doc:    districts named, and perhaps in more; alone in these and no other. lift is the share
-- doc:    over what it would be if the districts met by chance. change is the share of the new
-- doc:    postings of the last months less that of as many months before. The interval of
-- doc:    share takes employers as clusters. pay_median is of those that state yearly pay in
-- doc:    the currency asked; pay_lower and pay_upper bound it with 95 %, as in pay_by.
-- param:  crossing bigint in 2..3 = null -- only pairs, or only triples
-- param:  months bigint in 1..60 = 3 -- months in each of the two windows of change
-- param:  currency text = USD -- currency of the pay
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
-- base:   pay_postings, pay_employers for pay_median, pay_lower, pay_upper
-- column: districts text, names text, crossing bigint, postings bigint, employers bigint, alone bigint
-- column: share double, lower double, upper double, lift double, hybrid double, pay_median double, pay_lower double, pay_upper double, pay_postings bigint, pay_employers bigint
-- column: share_before double, share_now double, change double, core_postings bigint, core_employers bigint
with scope as (
    select
        role_no,
        employer_no,
        cluster,
        month,
        hybrid,
        case when pay_currency = upper($currency::text) then pay end as pay
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, first_month := $from, last_month := $to)
),
last_month as (
    select coalesce(date_trunc('month', $to::date), max(month))::date as month
    from scope
    where month < (select date_trunc('month', max(seen_at)) from posting)
),
home as (
    select
        role_no,
        list(district order by district) as homes
    from role_district
    semi join scope using (role_no)
    group by role_no
),
resident as (
    select
        scope.*,
        homes,
        coalesce(scope.month between last_month.month - to_months($months::integer - 1) and last_month.month, false) as later,
        coalesce(scope.month between last_month.month - to_months(2 * $months::integer - 1) and last_month.month - to_months($months::integer), false) as earlier
    from scope
    join home using (role_no)
    cross join last_month
),
cluster_size as (
    select
        cluster,
        any_value(employer_no) as employer_no,
        count(*) as n,
        count(*) filter (where later) as later,
        count(*) filter (where earlier) as earlier
    from resident
    group by cluster
),
size as (
    select
        sum(n)::bigint as postings,
        count(distinct employer_no) as employers,
        count(*) as clusters,
        sum(n * n) as n_n,
        sum(later) as later,
        sum(earlier) as earlier
    from cluster_size
),
here as (
    select
        district,
        count(*) as postings
    from (select unnest(homes) as district from resident)
    group by district
),
crossing as (
    select
        [a.district, b.district] as districts,
        a.postings / size.postings * b.postings / size.postings as chance
    from here as a
    join here as b on b.district > a.district
    cross join size
    union all
    select
        [a.district, b.district, c.district],
        a.postings / size.postings * b.postings / size.postings * c.postings / size.postings
    from here as a
    join here as b on b.district > a.district
    join here as c on c.district > b.district
    cross join size
),
-- few kinds of homes there are, so the crossings of each are found once
kind as (
    select
        homes,
        districts
    from (select distinct homes from resident)
    join crossing on list_has_all(homes, districts)
    where ($crossing::bigint is null or len(districts) = $crossing)
      and ($district::text is null or list_contains(districts, $district))
),
crossing_total as (
    select
        kind.districts,
        count(*) as hits,
        count(distinct employer_no) as employers,
        count(*) filter (where len(resident.homes) = len(kind.districts)) as alone,
        avg(hybrid) as hybrid,
        count(pay) as pay_postings,
        list(pay order by pay) filter (where pay is not null) as sorted,
        (sorted[(pay_postings + 1) // 2] + sorted[pay_postings // 2 + 1]) / 2 as pay_median,
        count(*) filter (where later) as later,
        count(*) filter (where earlier) as earlier
    from resident
    join kind using (homes)
    group by kind.districts
),
-- how the share of pay up to the median differs between clusters
pay_spread as (
    select
        districts,
        design_effect(sum(to_median), sum(n), sum(to_median * to_median), sum(to_median * n), sum(n * n), count(*)) as pay_deff,
        count(*) filter (where cluster > 0) as pay_employers
    from (
        select
            kind.districts,
            cluster,
            count(*) filter (where pay <= pay_median) as to_median,
            count(*) as n
        from resident
        join kind using (homes)
        join crossing_total on crossing_total.districts = kind.districts
        where pay is not null
        group by kind.districts, cluster
    )
    group by districts
),
crossing_cluster as (
    select
        kind.districts,
        cluster,
        count(*) as hits
    from resident
    join kind using (homes)
    group by kind.districts, cluster
),
spread as (
    select
        districts,
        sum(hits * hits) as hits_hits,
        sum(hits * n) as hits_n
    from crossing_cluster
    join cluster_size using (cluster)
    group by districts
),
named as (
    select
        each.districts,
        string_agg(coalesce(district.name, each.district), ' + ' order by each.district) as names
    from (select districts, unnest(districts) as district from crossing) as each
    left join district using (district)
    group by each.districts
)
select
    array_to_string(districts, '+') as districts,
    names,
    len(districts) as crossing,
    hits as postings,
    crossing_total.employers,
    alone,
    hits / size.postings as share,
    share_lower(hits, size.postings, design_effect(hits, size.postings, hits_hits, hits_n, n_n, clusters)) as lower,
    share_upper(hits, size.postings, design_effect(hits, size.postings, hits_hits, hits_n, n_n, clusters)) as upper,
    hits / size.postings / chance as lift,
    hybrid,
    pay_median,
    sorted[greatest(1, floor(0.5 * pay_postings - 1.959964 * sqrt(0.25 * pay_deff * pay_postings))::bigint)] as pay_lower,
    sorted[least(pay_postings, 1 + floor(0.5 * pay_postings + 1.959964 * sqrt(0.25 * pay_deff * pay_postings))::bigint)] as pay_upper,
    pay_postings,
    coalesce(pay_employers, 0) as pay_employers,
    crossing_total.earlier / nullif(size.earlier, 0) as share_before,
    crossing_total.later / nullif(size.later, 0) as share_now,
    crossing_total.later / nullif(size.later, 0) - crossing_total.earlier / nullif(size.earlier, 0) as change,
    size.postings as core_postings,
    size.employers as core_employers
from crossing_total
join spread using (districts)
left join pay_spread using (districts)
join crossing using (districts)
join named using (districts)
cross join size
order by crossing, hits desc, crossing_total.districts;
