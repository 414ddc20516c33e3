-- name:   pay_premium
-- title:  How much more postings with a skill, or hybrid roles, pay than others like them
-- doc:    Within strata of street, seniority and country, the difference of the mean logarithm
-- doc:    of yearly pay between postings with and without the skill (or, without a skill, with
-- doc:    hybrid of at least the given value and below), weighted by n1*n0/(n1+n0), which gives
-- doc:    strata with few postings on one side little weight; premium is exp(difference) - 1.
-- doc:    lower and upper bound it with 95 %, by the jackknife over employers (J. G. MacKinnon,
-- doc:    M. O. Nielsen, M. D. Webb, J. Applied Econometrics 38, 2023) and Student's t, with as
-- doc:    many degrees of freedom as employers that the difference effectively rests on, less
-- doc:    one; null where one employer alone makes it. strata are those with postings on both
-- doc:    sides; postings and employers are those in them. It compares postings that state pay,
-- doc:    and is no effect of learning the skill. With convert_to, pay in other currencies counts
-- doc:    too, as in pay_by; not_converted state pay, but have no month or no rate.
-- param:  skill text = null -- postings that mention this skill; null: hybrid roles
-- param:  hybrid double in 0..1 = 0.5 -- a role is hybrid from this value on
-- param:  currency text = USD -- ISO 4217; pay in other currencies is left out
-- param:  convert_to text = null -- instead, pay in all currencies, converted to this one
-- param:  district text = null -- only postings that live in this district
-- param:  street text = null -- only postings whose first street this is
-- param:  seniority text in intern|junior|mid|senior|lead|manager|executive|unspecified = null -- only this seniority
-- param:  workplace text in remote|hybrid|onsite|unspecified = null -- only this workplace
-- param:  country text = null -- only postings with a place in this country, ISO 3166 such as DE, or open to an area that holds it
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month; postings without a month are left out when given
-- param:  to date = null -- last month; postings without a month are left out when given
-- column: of text, premium double, lower double, upper double, strata bigint
-- column: postings_with bigint, postings_without bigint, postings bigint, employers bigint, not_converted bigint
with first_country as (
    select
        role_no,
        min(country) as country
    from role_place
    group by role_no
),
stated as (
    select
        role_no,
        cluster,
        employer_no,
        ln(case when pay_currency = coalesce(upper($convert_to::text), upper($currency::text)) then pay else pay * factor end) as log_pay,
        concat_ws(' / ', street, seniority, first_country.country) as stratum,
        if($skill::text is null, hybrid >= $hybrid::double, role_no in (select role_no from role_skill where skill = lower($skill::text))) as has
    from in_scope(
        only_district := $district, only_street := $street, only_seniority := $seniority,
        only_workplace := $workplace, only_country := upper($country::text), only_source := $source,
        first_month := $from, last_month := $to
    ) as scope
    left join first_country using (role_no)
    left join rates_to(upper($convert_to::text)) as rates on rates.month = scope.month and rates.currency = scope.pay_currency
    where pay > 0
      and ($convert_to::text is not null or pay_currency = upper($currency::text))
),
scope as (
    select *
    from stated
    where log_pay is not null
),
cell as (
    select
        stratum,
        cluster,
        any_value(employer_no) as employer_no,
        count(*) filter (where has) as n1,
        count(*) filter (where not has) as n0,
        coalesce(sum(log_pay) filter (where has), 0) as sum1,
        coalesce(sum(log_pay) filter (where not has), 0) as sum0
    from scope
    group by stratum, cluster
),
stratum_total as (
    select
        stratum,
        sum(n1) as n1,
        sum(n0) as n0,
        sum(sum1) as sum1,
        sum(sum0) as sum0,
        sum(n1) * sum(n0) / (sum(n1) + sum(n0)) as weight,
        sum(sum1) / sum(n1) - sum(sum0) / sum(n0) as difference
    from cell
    group by stratum
    having sum(n1) > 0 and sum(n0) > 0
),
estimate as (
    select
        sum(weight) as weights,
        sum(weight * difference) as pulls,
        pulls / weights as difference,
        count(*) as strata
    from stratum_total
),
-- each stratum without each cluster in it
rest as (
    select
        cell.*,
        all_of.weight,
        all_of.difference,
        all_of.n1 - cell.n1 as rest1,
        all_of.n0 - cell.n0 as rest0,
        if(rest1 > 0 and rest0 > 0, rest1 * rest0 / (rest1 + rest0), 0) as rest_weight,
        if(rest1 > 0 and rest0 > 0, (all_of.sum1 - cell.sum1) / rest1 - (all_of.sum0 - cell.sum0) / rest0, 0) as rest_difference,
        (cell.n1 * all_of.n0 * all_of.n0 + cell.n0 * all_of.n1 * all_of.n1) / power(all_of.n1 + all_of.n0, 2) as part
    from cell
    join stratum_total as all_of using (stratum)
),
-- the difference without each cluster, and the cluster's part in what it rests on
without as (
    select
        rest.cluster,
        any_value(rest.employer_no) as employer_no,
        sum(n1) as n1,
        sum(n0) as n0,
        sum(part) / any_value(weights) as part,
        any_value(weights) - sum(weight - rest_weight) as rest_weights,
        case
            when rest_weights > 1e-9
            then (any_value(pulls) - sum(weight * rest.difference - rest_weight * rest_difference)) / rest_weights
        end as difference
    from rest
    cross join estimate
    group by rest.cluster
),
spread as (
    select
        sum(n1)::bigint as postings_with,
        sum(n0)::bigint as postings_without,
        count(employer_no) as employers,
        case
            when count(*) = count(without.difference)
            then 1.959964 * t_over_z(greatest(1, 1 / sum(part * part) - 1))
                * sqrt((count(*) - 1) / count(*) * sum(power(without.difference - estimate.difference, 2)))
        end as margin
    from without
    cross join estimate
)
select
    coalesce(lower($skill::text), 'hybrid') as of,
    exp(difference) - 1 as premium,
    exp(difference - margin) - 1 as lower,
    exp(difference + margin) - 1 as upper,
    strata,
    coalesce(postings_with, 0) as postings_with,
    coalesce(postings_without, 0) as postings_without,
    coalesce(postings_with + postings_without, 0) as postings,
    employers,
    (select count(*) from stated where log_pay is null) as not_converted
from estimate
cross join spread
order by of;
