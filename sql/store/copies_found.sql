-- Where the components that were found are written down.
create or replace temp table set_component (set_id ubigint, copies_id ubigint);
create or replace temp table component_merged (before ubigint, now ubigint);
