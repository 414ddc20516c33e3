-- How many rows arrived, how many of them are new, how many replace older content.
select
    (select count(*) from incoming) as arrived,
    count(*) filter (not changed) as new_rows,
    count(*) filter (changed) as changed_rows
from fresh;
