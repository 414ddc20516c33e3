-- Takes out what changed postings said before.
delete from city.posting where posting_no in (select no_before from fresh where changed);
delete from city.posting_district where posting_no in (select no_before from fresh where changed);
delete from city.posting_street where posting_no in (select no_before from fresh where changed);
delete from city.posting_facet where posting_no in (select no_before from fresh where changed);
delete from city.posting_skill where posting_no in (select no_before from fresh where changed);
delete from city.posting_place where posting_no in (select no_before from fresh where changed);
delete from city.posting_location where posting_no in (select no_before from fresh where changed);
delete from city.posting_metric where posting_no in (select no_before from fresh where changed);
delete from city.posting_evidence where posting_no in (select no_before from fresh where changed);
delete from city.posting_text where posting_no in (select no_before from fresh where changed);
