delete from city.rate;
