-- The thread is read in order of when things happened; a record without a time stands where it arrived.
DROP INDEX public.evidence_item_incident_id_time_position_idx;
CREATE INDEX evidence_item_thread_idx
  ON public.evidence_item (incident_id, (coalesce("time", received_at)), position);

-- A person as screens are given one.
CREATE FUNCTION public.person_view(p public.person) RETURNS json
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
  RETURN json_build_object('id', p.id, 'name', p.name, 'role', p.role);
GRANT EXECUTE ON FUNCTION public.person_view(public.person) TO countersign_web, countersign_worker, countersign_auditor;

CREATE INDEX note_thread_idx ON public.note (incident_id, at, id);

-- The trail page and its export are served by the web process; it reads the trail and cannot write to it
-- but by trail.append.
GRANT USAGE ON SCHEMA trail TO countersign_web;
GRANT SELECT ON trail.entry, trail.payload, trail.checkpoint, trail.head TO countersign_web;

-- Up to which migration the database stands, for the health door, which may not read Prisma's own table.
CREATE FUNCTION gate.newest_migration() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(migration_name) FROM public._prisma_migrations
  WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
$$;
GRANT EXECUTE ON FUNCTION gate.newest_migration() TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
