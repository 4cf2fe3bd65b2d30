-- Retention: a record that joined no incident may go once it is old. Nothing else of the evidence ever may.

CREATE INDEX evidence_item_loose_age_idx ON public.evidence_item (received_at) WHERE incident_id IS NULL;

-- Lets go only what joined nothing, is a day old at least, and is asked for by the owner's own function: no other
-- login has the right to delete here at all.
CREATE FUNCTION gate.check_evidence_deletion() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.incident_id IS NULL AND old.received_at < clock_timestamp() - interval '1 day'
    AND current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = tg_relid)
  THEN
    RETURN old;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;
DROP TRIGGER no_deletion ON public.evidence_item;
CREATE TRIGGER no_deletion BEFORE DELETE ON public.evidence_item FOR EACH ROW EXECUTE FUNCTION gate.check_evidence_deletion();
ALTER TABLE public.evidence_item ENABLE ALWAYS TRIGGER no_deletion;

-- Whoever deletes, it stands on the trail: how many, of which time, and a digest over the digests in order of id.
CREATE FUNCTION gate.record_evidence_deletion() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v record;
BEGIN
  SELECT count(*) AS n, min(received_at) AS oldest, max(received_at) AS newest, sha256(string_agg(raw_sha256, ''::bytea ORDER BY id)) AS digest
    INTO v FROM gone;
  IF v.n > 0 THEN
    PERFORM trail.write('evidence.dropped', 'system:retention', null, trail.canonical(jsonb_build_object(
      'count', v.n, 'sha256', encode(v.digest, 'hex'),
      'receivedFrom', to_char(v.oldest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'receivedTo', to_char(v.newest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))));
  END IF;
  RETURN null;
END $$;
CREATE TRIGGER record_deletion AFTER DELETE ON public.evidence_item REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION gate.record_evidence_deletion();
ALTER TABLE public.evidence_item ENABLE ALWAYS TRIGGER record_deletion;

-- Drops the oldest 5,000 records that joined nothing within `older_than`; returns how many. The lock is the one that
-- ingest plans under: an alert never joins a record that goes at the same moment.
CREATE FUNCTION gate.drop_loose(older_than interval) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int;
BEGIN
  IF older_than IS NULL OR older_than < interval '1 day' THEN
    RAISE EXCEPTION 'retention: records are kept for a day at least' USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(x'63676e31'::bigint);
  DELETE FROM public.evidence_item WHERE id IN (
    SELECT id FROM public.evidence_item
    WHERE incident_id IS NULL AND received_at < clock_timestamp() - older_than
    ORDER BY received_at LIMIT 5000);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION gate.drop_loose(interval) TO countersign_worker;

SELECT gate.record_guards();
