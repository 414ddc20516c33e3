-- name:   district
-- title:  A district and its streets
-- param:  id text
-- column: id text, name text, streets text
select
    district.district as id,
    any_value(district.name) as name,
    string_agg(street.street, ',' order by street.street) as streets
from district
left join street on street.district = district.district
where district.district = $id
group by district.district
order by id;
