-- Which countries an area holds: EU, EMEA, LATAM … A place without a country has
-- an area for its region, and a role there is open to each of them. Filled from
-- the taxonomy; Worldwide holds all countries.
create table area (area varchar not null, country varchar not null);

-- The exchange rate of a month: how much of a currency one unit of the file's base
-- buys, as last quoted in the month, else in the month before. on_day is the day
-- it was quoted. Filled from the file of the setting store.rates; empty without.
create table rate (month date not null, currency varchar not null, on_day date not null, per_base double not null);

-- The roles that can be done in a country: with a place there, or in an area that
-- holds it, as "Remote - EU" holds Germany. by_area says that only an area does.
create macro open_to(only_country) as table
select
    posting_id,
    bool_and(country is null) as by_area
from unique_place
where country = only_country
   or (country is null and region in (select area.area from area where area.country = only_country))
group by posting_id;

-- What to multiply pay by to have it in a currency, by month and the currency it
-- is stated in, and the older day of the two rates it comes from. A currency is
-- worth itself in every month that has rates, and then has no day.
create macro rates_to(only_currency) as table
select
    stated.month,
    stated.currency,
    case when stated.currency = only_currency then 1 else wanted.per_base / stated.per_base end as factor,
    case when stated.currency <> only_currency then least(stated.on_day, wanted.on_day) end as rate_day
from rate as stated
join rate as wanted on wanted.month = stated.month and wanted.currency = only_currency;

-- The believed yearly pay of each role in one currency: as it is where it is
-- stated in that currency, else converted by the rate of the role's month. A role
-- without a month, or whose month has no rate, is left out. pay is the middle of
-- the range; rate_day is null where nothing was converted.
create macro pay_in(only_currency) as table
select
    posting_id,
    dated_posting.month,
    pay_currency as stated_currency,
    pay_annual_min * coalesce(factor, 1) as pay_min,
    pay_annual_max * coalesce(factor, 1) as pay_max,
    (pay_annual_min + pay_annual_max) / 2 * coalesce(factor, 1) as pay,
    coalesce(factor, 1) as rate,
    rate_day
from dated_posting
left join rates_to(only_currency) as rates on rates.month = dated_posting.month and rates.currency = pay_currency
where pay_flag is null
  and pay_annual_min is not null
  and (pay_currency = only_currency or factor is not null);
