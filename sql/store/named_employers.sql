-- Puts what the employers' data says into the table of employers.
update city.employer
set name = coalesce(known.name, employer.name),
    domain = coalesce(known.domain, employer.domain),
    agency = known.agency
from (
    select
        employer_id,
        min(name) as name,
        min(domain) as domain,
        bool_or(agency) as agency
    from named
    group by employer_id
) as known
where known.employer_id = employer.employer_id
  and (employer.agency is distinct from known.agency
       or employer.name is distinct from coalesce(known.name, employer.name)
       or employer.domain is distinct from coalesce(known.domain, employer.domain));
