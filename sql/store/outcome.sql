-- How many rows arrived and count: how many of them are new, how many replace older
-- content.
select
    count(*) filter (not changed) as new_rows,
    count(*) filter (changed) as changed_rows
from fresh;
