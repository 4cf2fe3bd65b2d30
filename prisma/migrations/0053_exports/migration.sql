-- Exports of the trail as a job: asked for in the browser, written by the worker, kept for a week, downloaded by name.

-- The row stays when the file is gone. Written by the functions below alone: no login has a right to change it.
CREATE TABLE trail.audit_export (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES public.person (id),
  format text NOT NULL CHECK (format IN ('jsonl', 'csv', 'bundle', 'ocsf')),
  scope jsonb NOT NULL,    -- BundleScope of lib/trail/bundle/manifest.ts
  incident_id uuid REFERENCES public.incident (id), -- of a scope that is one incident
  withheld jsonb NOT NULL, -- Withheld of the same file
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'ready', 'failed', 'cancelled', 'expired')),
  done bigint NOT NULL DEFAULT 0,
  total bigint,            -- entries, or incidents where each is a line; null until it is counted
  attempt int NOT NULL DEFAULT 0,
  worker text,             -- who writes it, as long as lease_until says
  lease_until timestamptz,
  file_name text,
  bytes bigint,
  sha256 bytea,
  reason text,             -- why it failed, in a sentence
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz,
  CHECK ((state IN ('ready', 'expired')) = (sha256 IS NOT NULL)),
  CONSTRAINT audit_export_incident CHECK ((coalesce(scope ->> 'kind', '') = 'incident') = (incident_id IS NOT NULL))
);
CREATE INDEX audit_export_order ON trail.audit_export (asked_at DESC, id DESC);
CREATE INDEX audit_export_person ON trail.audit_export (person_id, asked_at DESC, id DESC);
CREATE INDEX audit_export_state ON trail.audit_export (state, asked_at DESC, id DESC);
CREATE INDEX audit_export_person_state ON trail.audit_export (person_id, state, asked_at DESC, id DESC);

-- What was asked never changes, a state moves only forward, and what ended stays as it ended. The one way back is from
-- the worker's hand into the queue; the one change of what is ready is that it goes sooner.
CREATE FUNCTION trail.check_export_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE'
    AND (new.id, new.person_id, new.format, new.scope, new.incident_id, new.withheld, new.asked_at)
      IS NOT DISTINCT FROM (old.id, old.person_id, old.format, old.scope, old.incident_id, old.withheld, old.asked_at)
    AND (CASE old.state
      WHEN 'queued' THEN new.state IN ('running', 'cancelled', 'failed')
      WHEN 'running' THEN new.state IN ('running', 'queued', 'ready', 'failed', 'cancelled')
      WHEN 'ready' THEN new.state IN ('ready', 'expired') AND new.expires_at <= old.expires_at
        AND (new.file_name, new.bytes, new.sha256, new.done, new.ended_at) IS NOT DISTINCT FROM (old.file_name, old.bytes, old.sha256, old.done, old.ended_at)
      ELSE false END)
  THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;
CREATE TRIGGER check_change BEFORE UPDATE OR DELETE ON trail.audit_export FOR EACH ROW EXECUTE FUNCTION trail.check_export_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.audit_export FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.audit_export ENABLE ALWAYS TRIGGER check_change;
ALTER TABLE trail.audit_export ENABLE ALWAYS TRIGGER append_only_whole;

-- A lead or an auditor who is active: who may take the trail away.
CREATE FUNCTION gate.require_exporter(p_person uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = p_person FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role NOT IN ('lead', 'auditor') THEN PERFORM gate.refuse('G3', 'exports are for a lead or an auditor'); END IF;
END $$;

-- What every entry about an export tells of it.
CREATE FUNCTION gate.export_facts(p_export uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('export', x.id, 'format', x.format, 'scope', x.scope, 'withheld', x.withheld, 'askedBy', 'person:' || x.person_id)
  FROM trail.audit_export x WHERE x.id = p_export
$$;

-- Three that are open for each person, and 50 GiB of files for all; asked for one after another, so that both are counted.
CREATE FUNCTION gate.ask_export(p_person uuid, p_format text, p_scope jsonb, p_withheld jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export;
BEGIN
  PERFORM gate.require_exporter(p_person);
  PERFORM pg_advisory_xact_lock(x'63676e45'::bigint);
  IF (SELECT count(*) FROM trail.audit_export WHERE person_id = p_person AND state IN ('queued', 'running')) >= 3 THEN
    PERFORM gate.refuse('G40', 'three exports of this person are not done');
  END IF;
  IF (SELECT coalesce(sum(bytes), 0) FROM trail.audit_export WHERE state = 'ready') >= 50 * 1024::bigint ^ 3 THEN
    PERFORM gate.refuse('G40', 'the exports that are kept leave no room');
  END IF;
  INSERT INTO trail.audit_export (id, person_id, format, scope, incident_id, withheld)
    VALUES (gate.uuid_v7(), p_person, p_format, p_scope, CASE WHEN p_scope ->> 'kind' = 'incident' THEN (p_scope ->> 'incident')::uuid END, p_withheld) RETURNING * INTO x;
  PERFORM trail.write('export.requested', 'person:' || p_person, x.incident_id, trail.canonical(gate.export_facts(x.id)));
  RETURN x.id;
END $$;

-- One's own that is not done.
CREATE FUNCTION gate.cancel_export(p_person uuid, p_export uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export;
BEGIN
  PERFORM gate.require_exporter(p_person);
  SELECT * INTO x FROM trail.audit_export WHERE id = p_export FOR UPDATE;
  IF x.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such export'); END IF;
  IF x.person_id <> p_person THEN PERFORM gate.refuse('G4', 'another person asked for this export'); END IF;
  IF x.state NOT IN ('queued', 'running') THEN PERFORM gate.refuse('G1', 'this export is not open any more'); END IF;
  UPDATE trail.audit_export SET state = 'cancelled', ended_at = clock_timestamp(), worker = null, lease_until = null WHERE id = x.id;
  PERFORM trail.write('export.cancelled', 'person:' || p_person, x.incident_id, trail.canonical(gate.export_facts(x.id)));
END $$;

-- Lets a person have the file, and says so on the trail before the first byte leaves.
CREATE FUNCTION gate.download_export(p_person uuid, p_export uuid) RETURNS TABLE (file_name text, bytes bigint, sha256 text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export;
BEGIN
  PERFORM gate.require_exporter(p_person);
  SELECT * INTO x FROM trail.audit_export e WHERE e.id = p_export FOR SHARE;
  IF x.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such export'); END IF;
  IF x.state <> 'ready' OR x.expires_at <= clock_timestamp() THEN PERFORM gate.refuse('G1', 'this export has no file'); END IF;
  PERFORM trail.write('export.downloaded', 'person:' || p_person, x.incident_id, trail.canonical(gate.export_facts(x.id)
    || jsonb_build_object('entries', x.done, 'sha256', encode(x.sha256, 'hex'))));
  RETURN QUERY SELECT x.file_name, x.bytes, encode(x.sha256, 'hex');
END $$;

-- For the worker: the export that has waited longest, or one whose worker is gone; it is written from its start.
-- What three workers did not come to the end of is not tried again.
CREATE FUNCTION gate.take_export(p_worker text, p_lease_ms int) RETURNS SETOF trail.audit_export
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export;
BEGIN
  SELECT * INTO x FROM trail.audit_export WHERE state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp())
    ORDER BY asked_at, id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF x.id IS NULL THEN RETURN; END IF;
  UPDATE trail.audit_export SET state = 'running', worker = p_worker, attempt = attempt + 1, done = 0, total = null,
    lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0), started_at = coalesce(started_at, clock_timestamp())
    WHERE id = x.id RETURNING * INTO x;
  IF x.attempt > 3 THEN
    PERFORM gate.fail_export(x.id, p_worker, 'Three workers began it and none came to its end.');
    RETURN;
  END IF;
  RETURN NEXT x;
END $$;

-- How far it is; false: it was cancelled, or is another worker's by now.
CREATE FUNCTION gate.note_export(p_export uuid, p_worker text, p_done bigint, p_total bigint, p_lease_ms int) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH noted AS (UPDATE trail.audit_export SET done = p_done, total = p_total, lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    WHERE id = p_export AND worker = p_worker AND state = 'running' RETURNING 1)
  SELECT EXISTS (SELECT FROM noted)
$$;

-- Back into the queue: at once by a worker that is told to stop, whose attempt does not count, or after a failure that may pass.
CREATE FUNCTION gate.leave_export(p_export uuid, p_worker text, p_counts boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE trail.audit_export SET state = 'queued', worker = null, lease_until = null, done = 0, total = null,
    attempt = attempt - CASE WHEN p_counts THEN 0 ELSE 1 END
    WHERE id = p_export AND worker = p_worker AND state = 'running'
$$;

-- The file lies there, whole; false: it is wanted no more, and whoever wrote it removes it. Kept for a week at most.
CREATE FUNCTION gate.complete_export(p_export uuid, p_worker text, p_file_name text, p_bytes bigint, p_sha256 bytea, p_entries bigint, p_keep_seconds int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export;
BEGIN
  UPDATE trail.audit_export SET state = 'ready', done = p_entries, total = p_entries, file_name = p_file_name, bytes = p_bytes, sha256 = p_sha256,
    worker = null, lease_until = null, ended_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => least(p_keep_seconds, 604800))
    WHERE id = p_export AND worker = p_worker AND state = 'running' RETURNING * INTO x;
  IF x.id IS NULL THEN RETURN false; END IF;
  PERFORM set_config('countersign.on_behalf', 'person:' || x.person_id, true);
  PERFORM trail.write('export.completed', 'system:worker', x.incident_id, trail.canonical(gate.export_facts(x.id)
    || jsonb_build_object('entries', p_entries, 'bytes', p_bytes, 'sha256', encode(p_sha256, 'hex'))));
  RETURN true;
END $$;

CREATE FUNCTION gate.fail_export(p_export uuid, p_worker text, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export;
BEGIN
  UPDATE trail.audit_export SET state = 'failed', reason = left(p_reason, 1000), worker = null, lease_until = null, ended_at = clock_timestamp()
    WHERE id = p_export AND worker = p_worker AND state = 'running' RETURNING * INTO x;
  IF x.id IS NULL THEN RETURN false; END IF;
  PERFORM set_config('countersign.on_behalf', 'person:' || x.person_id, true);
  PERFORM trail.write('export.failed', 'system:worker', x.incident_id, trail.canonical(gate.export_facts(x.id) || jsonb_build_object('reason', x.reason)));
  RETURN true;
END $$;

-- What has been kept long enough; its rows first, and its files by the worker after the commit.
CREATE FUNCTION gate.expire_exports() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export; n int := 0;
BEGIN
  FOR x IN SELECT * FROM trail.audit_export WHERE state = 'ready' AND expires_at <= clock_timestamp() ORDER BY asked_at DESC LIMIT 100 FOR UPDATE SKIP LOCKED LOOP
    UPDATE trail.audit_export SET state = 'expired' WHERE id = x.id;
    PERFORM trail.write('export.expired', 'system:worker', x.incident_id, trail.canonical(gate.export_facts(x.id)));
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;

-- What was erased stands in no file either: what is ready goes, and what is being written begins anew. A bundle rests on
-- entries of other incidents as well. What waits is locked too, so that nobody takes it before the erasure is there to see.
CREATE FUNCTION trail.end_exports() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM trail.audit_export WHERE state IN ('queued', 'running', 'ready') ORDER BY id FOR UPDATE;
  UPDATE trail.audit_export x SET state = CASE x.state WHEN 'running' THEN 'queued' ELSE x.state END, worker = null, lease_until = null,
    attempt = CASE x.state WHEN 'running' THEN greatest(x.attempt - 1, 0) ELSE x.attempt END,
    expires_at = CASE x.state WHEN 'ready' THEN least(x.expires_at, clock_timestamp()) END
    FROM trail.erasure r
    WHERE r.id = new.erasure_id AND x.state IN ('running', 'ready')
      AND (x.incident_id IS NULL OR x.incident_id = r.incident_id OR x.format = 'bundle');
  RETURN null;
END $$;
CREATE TRIGGER end_exports AFTER INSERT ON trail.erasure_end FOR EACH ROW WHEN (new.outcome = 'approved') EXECUTE FUNCTION trail.end_exports();
ALTER TABLE trail.erasure_end ENABLE ALWAYS TRIGGER end_exports;

GRANT SELECT (id, person_id, format, scope, incident_id, withheld, state, done, total, file_name, bytes, sha256, reason, asked_at, started_at, ended_at, expires_at)
  ON trail.audit_export TO countersign_web, countersign_auditor;
GRANT SELECT (id, state) ON trail.audit_export TO countersign_worker;
GRANT EXECUTE ON FUNCTION gate.ask_export(uuid, text, jsonb, jsonb), gate.cancel_export(uuid, uuid), gate.download_export(uuid, uuid) TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.take_export(text, int), gate.note_export(uuid, text, bigint, bigint, int), gate.leave_export(uuid, text, boolean),
  gate.complete_export(uuid, text, text, bigint, bytea, bigint, int), gate.fail_export(uuid, text, text), gate.expire_exports() TO countersign_worker;

SELECT gate.record_guards();
