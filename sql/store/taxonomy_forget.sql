delete from city.district;
delete from city.street;
delete from city.facet;
delete from city.metric;
delete from city.skill;
delete from city.area;
