update temp.main.incoming
set employer_id = named.employer_id
from named
where named.employer = incoming.employer
  and named.employer_id <> incoming.employer_id;
