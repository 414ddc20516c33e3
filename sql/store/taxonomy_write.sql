insert into city.taxonomy values ($taxonomy, $since);
