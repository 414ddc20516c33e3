select table_name
from duckdb_tables()
where database_name = 'city'
  and table_name not in ('applied', 'migration')
order by table_name;
