select sequence
from city.applied
where stream = $stream
  and created = $created;
