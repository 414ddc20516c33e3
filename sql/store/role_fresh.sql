-- The roles that came with the batch, and their tags.
insert into city.role by name
select
    added.role_no,
    fresh.posting_id,
    fresh.posting_no,
    fresh.content_hash,
    fresh.taxonomy,
    employer.employer_id,
    employer.employer_no,
    coalesce(employer.employer_no, -added.role_no) as cluster,
    fresh.board_id,
    fresh.source,
    added.new_on,
    date_trunc('month', added.new_on)::date as month,
    fresh.district,
    fresh.street,
    fresh.seniority,
    fresh.workplace,
    fresh.employment_type,
    fresh.technical,
    fresh.operational,
    fresh.hybrid,
    fresh.years,
    fresh.language,
    fresh.pay_currency,
    case
        when fresh.pay_flag is null
        then (coalesce(fresh.pay_annual_min, fresh.pay_annual_max) + coalesce(fresh.pay_annual_max, fresh.pay_annual_min)) / 2
    end as pay,
    0 as copies
from fresh
join role_new as added using (posting_no)
left join city.employer on employer.employer_id = fresh.employer_id and employer.employer_id <> '';

insert into city.role_district select role_no, unnest(districts), unnest(district_weights) from role_new join fresh using (posting_no);
insert into city.role_facet select role_no, unnest(facets), unnest(facet_scores) from role_new join fresh using (posting_no);
insert into city.role_skill select role_no, unnest(skills), unnest(skill_needs) from role_new join fresh using (posting_no);
