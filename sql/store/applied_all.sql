select stream, created, sequence from city.applied order by stream;
