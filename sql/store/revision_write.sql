insert into city.revision values ($part, $value);
