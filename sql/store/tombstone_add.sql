insert into city.tombstone
select $hash, $at, $reason
where $hash not in (select id_hash from city.tombstone);
