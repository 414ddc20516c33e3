select distinct employer from city.posting;
