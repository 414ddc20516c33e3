-- Keys and indexes, made after the rows are loaded, and what the planner knows of them.
alter table posting add primary key (posting_no);
alter table role add primary key (role_no);
alter table role_district add primary key (district, role_no);
alter table skill add primary key (skill_no), add unique (skill);
alter table role_skill add primary key (role_no, skill_no);

create index on posting (seen_at);
create index on role (month) include (role_no, employer_no, cluster);
create index on role (seniority, month) include (role_no, employer_no, cluster);
create index on role_skill (skill_no, role_no);

vacuum analyze;
