select count(*) from posting where taxonomy <> $taxonomy;
