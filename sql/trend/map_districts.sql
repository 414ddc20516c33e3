-- name:   map_districts
-- title:  The districts of the map: size, weight, pay, mix and trend
-- doc:    Among the core postings. A posting that lives in several districts counts in each of
-- doc:    them in postings and share, and by its weights in weight, which adds up over the
-- doc:    districts to core_postings. pay_median is of the postings that state yearly pay in
-- doc:    the currency asked, and disclosure is their share. pay_lower and pay_upper bound it with
-- doc:    95 %, as in pay_by. change is the share of the new
-- doc:    postings of the last months less that of as many months before, whatever from says;
-- doc:    its bounds and those of share are 95 % with employers as clusters (linearised, Cochran
-- doc:    1977, section 6.3).
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
-- column: district text, name text, postings bigint, weight double, share double, lower double, upper double
-- column: employers bigint, pay_median double, pay_lower double, pay_upper double, pay_postings bigint, pay_employers bigint, disclosure double, hybrid double
-- column: share_before double, share_now double, change double, change_lower double, change_upper double
-- column: core_postings bigint, core_employers bigint
with dated as (
    select
        role_no,
        employer_no,
        cluster,
        month,
        hybrid,
        case when pay_currency = upper($currency::text) then pay end as pay,
        coalesce($from::date is null or month >= date_trunc('month', $from::date), false) as counted
    from in_scope(only_district := $district, only_street := $street, only_seniority := $seniority, only_workplace := $workplace, only_employment_type := $employment_type,
        only_country := $country, only_employer := $employer, only_source := $source, last_month := $to)
),
last_month as (
    select coalesce(date_trunc('month', $to::date), max(month))::date as month
    from dated
    where month < (select date_trunc('month', max(seen_at)) from posting)
),
scope as (
    select
        dated.*,
        coalesce(dated.month between last_month.month - to_months($months::integer - 1) and last_month.month, false) as later,
        coalesce(dated.month between last_month.month - to_months(2 * $months::integer - 1) and last_month.month - to_months($months::integer), false) as earlier
    from dated
    cross join last_month
),
cluster_size as (
    select
        cluster,
        any_value(employer_no) as employer_no,
        count(*) filter (where counted) as n,
        count(*) filter (where later) as later,
        count(*) filter (where earlier) as earlier
    from scope
    group by cluster
),
size as (
    select
        sum(n)::bigint as postings,
        count(distinct employer_no) filter (where n > 0) as employers,
        count(*) filter (where n > 0) as clusters,
        sum(n * n) as n_n,
        nullif(sum(later), 0) as later,
        nullif(sum(earlier), 0) as earlier,
        count(*) filter (where later + earlier > 0) as moving
    from cluster_size
),
member as (
    select
        scope.*,
        role_district.district,
        role_district.weight
    from scope
    join role_district using (role_no)
),
district_total as (
    select
        district,
        sum(weight) as weight,
        count(distinct employer_no) as employers,
        count(pay) as pay_postings,
        list(pay order by pay) filter (where pay is not null) as sorted,
        (sorted[(pay_postings + 1) // 2] + sorted[pay_postings // 2 + 1]) / 2 as pay_median,
        avg(hybrid) as hybrid
    from member
    where counted
    group by district
),
-- how the share of pay up to the median differs between clusters
pay_spread as (
    select
        district,
        design_effect(sum(to_median), sum(n), sum(to_median * to_median), sum(to_median * n), sum(n * n), count(*)) as pay_deff,
        count(*) filter (where cluster > 0) as pay_employers
    from (
        select
            member.district,
            cluster,
            count(*) filter (where pay <= pay_median) as to_median,
            count(*) as n
        from member
        join district_total using (district)
        where pay is not null
          and counted
        group by member.district, cluster
    )
    group by district
),
district_cluster as (
    select
        district,
        cluster,
        count(*) filter (where counted) as hits,
        count(*) filter (where later) as later,
        count(*) filter (where earlier) as earlier
    from member
    group by district, cluster
),
hit as (
    select
        district,
        sum(hits)::bigint as hits,
        sum(later) as later,
        sum(earlier) as earlier
    from district_cluster
    group by district
),
-- how far each cluster pulls the share, and the change of it
spread as (
    select
        hit.district,
        sum(coalesce(district_cluster.hits, 0) * coalesce(district_cluster.hits, 0)) as hits_hits,
        sum(coalesce(district_cluster.hits, 0) * n) as hits_n,
        sum(power((coalesce(district_cluster.later, 0) - hit.later / size.later * cluster_size.later) / size.later
            - (coalesce(district_cluster.earlier, 0) - hit.earlier / size.earlier * cluster_size.earlier) / size.earlier, 2)) as step_step
    from hit
    cross join size
    cross join cluster_size
    left join district_cluster on district_cluster.district = hit.district and district_cluster.cluster = cluster_size.cluster
    group by hit.district
),
estimate as (
    select
        hit.district,
        hits,
        design_effect(hits, postings, hits_hits, hits_n, n_n, clusters) as deff,
        hit.earlier / size.earlier as share_before,
        hit.later / size.later as share_now,
        case when moving > 1 then 1.959964 * sqrt(moving / (moving - 1) * step_step) end as margin,
        size.postings as core_postings,
        size.employers as core_employers
    from hit
    cross join size
    join spread using (district)
)
select
    estimate.district,
    district.name,
    hits as postings,
    district_total.weight,
    hits / core_postings as share,
    share_lower(hits, core_postings, deff) as lower,
    share_upper(hits, core_postings, deff) as upper,
    district_total.employers,
    pay_median,
    sorted[greatest(1, floor(0.5 * pay_postings - 1.959964 * sqrt(0.25 * pay_deff * pay_postings))::bigint)] as pay_lower,
    sorted[least(pay_postings, 1 + floor(0.5 * pay_postings + 1.959964 * sqrt(0.25 * pay_deff * pay_postings))::bigint)] as pay_upper,
    pay_postings,
    coalesce(pay_employers, 0) as pay_employers,
    pay_postings / hits as disclosure,
    district_total.hybrid,
    share_before,
    share_now,
    share_now - share_before as change,
    share_now - share_before - margin as change_lower,
    share_now - share_before + margin as change_upper,
    core_postings,
    core_employers
from estimate
join district_total using (district)
left join pay_spread using (district)
left join district using (district)
order by district_total.weight desc, estimate.district;
