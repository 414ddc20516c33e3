-- name:   counts_by_district
-- title:  The roles that live in each district now
-- column: district text, roles bigint
select
    district.district,
    count(role_district.role_no) as roles
from district
left join role_district on role_district.district = district.district
group by district.district
order by district.district;
