insert into city.applied values ($stream, $created, $sequence);
