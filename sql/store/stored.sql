-- Postings that were tagged under another taxonomy, with their texts, as their
-- sources gave them, and with what they were tagged with. What a source stated of
-- workplace and employment type stands in the evidence.
with page as (
    select *
    from posting
    where taxonomy <> $taxonomy
      and posting_id > $after
    order by posting_id
    limit $rows
)
select
    page.posting_id,
    page.content_hash,
    page.source,
    page.board_id,
    page.native_id,
    page.employer,
    page.title,
    posting_text.text,
    page.truncated,
    coalesce(page.url, '') as url,
    (select coalesce(list(location order by rowid), []) from posting_location where posting_location.posting_no = page.posting_no) as locations,
    coalesce(page.department, '') as department,
    coalesce(page.team, '') as team,
    coalesce(strftime(page.posted_on, '%Y-%m-%d'), '') as posted_on,
    coalesce(strftime(page.closed_on, '%Y-%m-%d'), '') as closed_on,
    coalesce((select any_value(words) from posting_evidence as e where e.posting_no = page.posting_no and e.rule = 'employment.stated'), '') as employment_type,
    coalesce((select any_value(words) from posting_evidence as e where e.posting_no = page.posting_no and e.rule = 'workplace.stated'), '') as workplace,
    coalesce(page.pay_structured, false) as pay_structured,
    coalesce(page.pay_min, 0) as pay_min,
    coalesce(page.pay_max, 0) as pay_max,
    coalesce(page.pay_currency, '') as pay_currency,
    coalesce(page.pay_period, '') as pay_period,
    page.language,
    page.seen_at,
    page.standing,
    coalesce(page.district, '') as district,
    (select coalesce(list(street order by weight desc, street), []) from posting_street where posting_street.posting_no = page.posting_no) as streets,
    (select coalesce(list(skill order by skill), []) from posting_skill where posting_skill.posting_no = page.posting_no) as skills,
    (select coalesce(list(need order by skill), []) from posting_skill where posting_skill.posting_no = page.posting_no) as needs
from page
left join posting_text using (posting_no)
order by page.posting_id;
