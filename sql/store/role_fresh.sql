-- Puts the tags of roles that came with the batch beside them.
insert into city.role_district select role_no, unnest(districts), unnest(district_weights) from role_new join fresh using (posting_id);
insert into city.role_facet select role_no, unnest(facets), unnest(facet_scores) from role_new join fresh using (posting_id);
insert into city.role_skill select role_no, unnest(skills), unnest(skill_needs) from role_new join fresh using (posting_id);
