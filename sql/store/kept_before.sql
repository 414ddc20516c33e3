-- Keeps how postings were tagged that are tagged anew under another taxonomy. What
-- was kept of postings that change is of no use any more.
delete from city.posting_before where posting_id in (select posting_id from fresh where changed);
delete from city.posting_skill_before where posting_id in (select posting_id from fresh where changed);

insert into city.posting_before
select stored.posting_id, stored.taxonomy, stored.standing, stored.district, stored.street
from city.posting as stored
join fresh on fresh.no_before = stored.posting_no
where fresh.changed
  and fresh.content_hash = stored.content_hash
  and fresh.taxonomy <> stored.taxonomy;

insert into city.posting_skill_before
select posting_id, skill
from city.posting_skill
where posting_no in (
    select fresh.no_before
    from fresh
    join city.posting as stored on stored.posting_no = fresh.no_before
    where fresh.changed
      and fresh.content_hash = stored.content_hash
      and fresh.taxonomy <> stored.taxonomy
);
