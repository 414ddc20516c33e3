select distinct employer from temp.main.incoming;
