select table_name
from duckdb_tables()
where database_name = 'city'
  and table_name not in ('applied', 'migration', 'revision', 'tombstone')
order by table_name;
