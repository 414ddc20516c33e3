-- Gives what is stored the ids that the employers' data says today.
update city.posting
set employer_id = named.employer_id
from named
where named.employer = posting.employer
  and named.employer_id <> posting.employer_id;

insert into city.employer (employer_id, name)
select
    employer_id,
    min(employer)
from city.posting
anti join city.employer using (employer_id)
group by employer_id;

delete from city.employer
where employer_id not in (select employer_id from city.posting);
