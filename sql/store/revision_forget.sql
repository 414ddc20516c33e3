delete from city.revision where part = $part;
