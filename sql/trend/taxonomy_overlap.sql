-- name:   taxonomy_overlap
-- title:  A series under the taxonomy before and today's, over the same postings
-- doc:    What a change of the taxonomy does to a share, apart from the market: only core roles
-- doc:    that were tagged under both are counted, by month, once with the tags they had and
-- doc:    once with those they have (jobcity retag). Share of postings that mention a skill, or
-- doc:    whose primary district it is. The postings are the same, so the difference has no
-- doc:    sampling error.
-- param:  of text in skill|district = skill -- what id names
-- param:  id text -- a skill, such as kubernetes, or a district
-- param:  source text = null -- only postings from this kind of board
-- param:  from date = null -- first month
-- param:  to date = null -- last month
-- column: month date, share_before double, share double, change double
-- column: matching_before bigint, matching bigint, postings bigint, employers bigint
-- column: taxonomy_before text, taxonomy text
with scope as (
    select
        role_no,
        posting_id,
        employer_no,
        month,
        district
    from in_scope(only_source := $source, first_month := $from, last_month := $to)
    where month is not null
),
compared as (
    select
        scope.month,
        scope.employer_no,
        earlier.taxonomy as taxonomy_before,
        if($of::text = 'district',
            earlier.district is not distinct from $id::text,
            scope.posting_id in (select posting_id from posting_skill_before where skill = lower($id::text))) as before,
        if($of::text = 'district',
            scope.district is not distinct from $id::text,
            scope.role_no in (select role_no from role_skill where skill = lower($id::text))) as now
    from scope
    join posting_before as earlier using (posting_id)
    where earlier.standing = 'core'
)
select
    month,
    count(*) filter (where before) / count(*) as share_before,
    count(*) filter (where now) / count(*) as share,
    (count(*) filter (where now) - count(*) filter (where before)) / count(*) as change,
    count(*) filter (where before) as matching_before,
    count(*) filter (where now) as matching,
    count(*) as postings,
    count(distinct employer_no) as employers,
    min(taxonomy_before) as taxonomy_before,
    (select taxonomy from taxonomy order by since desc limit 1) as taxonomy
from compared
group by month
order by month;
