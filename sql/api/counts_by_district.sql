-- name:   counts_by_district
-- title:  The roles that live in each district now
-- column: district text, roles bigint
with total as (
    select
        district,
        count(*) as roles
    from role_district
    group by district
)
select
    district,
    coalesce(roles, 0) as roles
from district
left join total using (district)
order by district;
