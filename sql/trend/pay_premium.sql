-- name:   pay_premium
-- title:  How much more postings with a skill, or hybrid roles, pay than others like them
-- doc:    Within strata of street, seniority and country, the difference of the mean logarithm
-- doc:    of yearly pay between postings with and without the skill (or, without a skill, with
-- doc:    hybrid of at least the given value and below), weighted by n1*n0/(n1+n0), which gives
-- doc:    strata with few postings on one side little weight; premium is exp(difference) - 1.
-- doc:    lower and upper bound it with 95 %, linearised, with employers as clusters. strata
-- doc:    are those with postings on both sides; postings and employers are those in them. It
-- doc:    compares postings that state pay, and is no effect of learning the skill. With
-- doc:    convert_to, pay in other currencies counts too, as in pay_by; not_converted state pay,
-- doc:    but have no month or no rate, and are in no stratum.
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
stratum_total as (
    select
        stratum,
        count(*) filter (where has) as n1,
        count(*) filter (where not has) as n0,
        avg(log_pay) filter (where has) as mean1,
        avg(log_pay) filter (where not has) as mean0,
        n1 * n0 / (n1 + n0) as weight
    from scope
    group by stratum
    having n1 > 0 and n0 > 0
),
estimate as (
    select
        sum(weight * (mean1 - mean0)) / sum(weight) as difference,
        sum(weight) as weights,
        count(*) as strata
    from stratum_total
),
pull as (
    select
        scope.cluster,
        any_value(scope.employer_no) as employer_no,
        count(*) filter (where has) as n1,
        count(*) filter (where not has) as n0,
        sum(weight / weights * if(has, (log_pay - mean1) / stratum_total.n1, (mean0 - log_pay) / stratum_total.n0)) as u
    from scope
    join stratum_total using (stratum)
    cross join estimate
    group by scope.cluster
),
spread as (
    select
        sum(n1)::bigint as postings_with,
        sum(n0)::bigint as postings_without,
        count(employer_no) as employers,
        sqrt(count(*) / nullif(count(*) - 1, 0) * sum(u * u)) as error
    from pull
)
select
    coalesce(lower($skill::text), 'hybrid') as of,
    exp(difference) - 1 as premium,
    exp(difference - 1.959964 * error) - 1 as lower,
    exp(difference + 1.959964 * error) - 1 as upper,
    strata,
    coalesce(postings_with, 0) as postings_with,
    coalesce(postings_without, 0) as postings_without,
    coalesce(postings_with + postings_without, 0) as postings,
    employers,
    (select count(*) from stated where log_pay is null) as not_converted
from estimate
cross join spread
order by of;
