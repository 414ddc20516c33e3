-- How many incoming rows were new, how many replaced older content.
select
    count(*) filter (not changed) as fresh_rows,
    count(*) filter (changed) as changed_rows
from fresh;
