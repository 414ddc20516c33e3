-- Numbers employers that have no number, and gives the roles the employers that
-- their postings have.
update city.employer
set employer_no = numbered.n
from (
    select
        employer_id,
        (select coalesce(max(employer_no), 0) from city.employer) + row_number() over (order by employer_id) as n
    from city.employer
    where employer_no is null
) as numbered
where numbered.employer_id = employer.employer_id;

update city.role
set employer_id = named.employer_id, employer_no = named.employer_no, cluster = coalesce(named.employer_no, -role.role_no)
from (
    select
        posting.posting_no,
        employer.employer_id,
        employer.employer_no
    from city.posting
    left join city.employer on employer.employer_id = posting.employer_id and employer.employer_id <> ''
) as named
where named.posting_no = role.posting_no
  and named.employer_id is distinct from role.employer_id;
