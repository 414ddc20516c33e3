-- Gives back the memory of what was loaded and applied.
drop table if exists temp.main.incoming;
drop table if exists temp.main.fresh;
drop table if exists temp.main.touched;
drop table if exists temp.main.swept;
drop table if exists temp.main.swept_listed;
drop table if exists temp.main.swept_closed;
drop table if exists temp.main.effect;
drop table if exists temp.main.opened;
drop table if exists temp.main.ended;
drop table if exists temp.main.board_before;
drop table if exists temp.main.named;
drop table if exists temp.main.erased;
drop table if exists temp.main.erased_name;
