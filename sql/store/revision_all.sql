select part, value from city.revision order by part;
