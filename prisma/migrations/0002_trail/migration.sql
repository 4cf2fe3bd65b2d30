-- filled below
select 1;
