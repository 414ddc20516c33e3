select table_name
from duckdb_columns()
join duckdb_tables() using (database_name, schema_name, table_name)
where database_name = 'city'
  and schema_name = 'main'
  and column_name = 'posting_id'
order by table_name;
