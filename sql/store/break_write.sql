insert into city.series_break values ('taxonomy', $on::date, $reason);
