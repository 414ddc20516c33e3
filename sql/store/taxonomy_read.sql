select taxonomy from city.taxonomy order by since desc limit 1;
