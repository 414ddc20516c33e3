delete from city.applied where stream = $stream;
