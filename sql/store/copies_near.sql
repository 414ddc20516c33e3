-- Pairs of sets that are near copies, by the rule of copies.Near: the same group, a
-- band in common, and a Jaccard index of at least 0.9. Of a component that is there
-- at most eight sets are compared with a new one, and of new ones 32: one link is
-- enough.
with banded as (
    select
        set_id,
        group_id,
        unnest(bands) as band
    from set_linking
),
pair as (
    select distinct
        banded.set_id as a,
        near.set_id as b,
        near.copies_id as component
    from banded
    join (
        select
            set_id,
            group_id,
            copies_id,
            unnest(bands) as band
        from set_near
    ) as near
        on near.group_id = banded.group_id
        and near.band = banded.band
    union
    select distinct
        banded.set_id,
        other.set_id,
        null
    from banded
    join banded as other
        on other.group_id = banded.group_id
        and other.band = banded.band
        and other.set_id > banded.set_id
),
compared as (
    select *
    from pair
    qualify row_number() over (partition by a, component order by b) <= if(component is null, 32, 8)
),
one as (
    select
        set_id,
        words,
        list_concat(words, other) as everything
    from set_linking
),
two as (
    from one
    union all
    select
        set_id,
        words,
        list_concat(words, other)
    from set_near
),
measured as (
    select
        compared.*,
        len(list_intersect(one.words, two.words)) as common,
        least(len(one.words), len(two.words)) as smaller,
        len(one.words) + len(two.words) as total,
        len(list_intersect(one.everything, two.everything)) as all_common,
        len(one.everything) + len(two.everything) as all_total
    from compared
    join one on one.set_id = compared.a
    join two on two.set_id = compared.b
)
select
    a,
    b,
    component
from measured
where common / (total - common) >= 0.9
   or (all_common / (all_total - all_common) >= 0.9 and common / smaller >= 0.9);
