-- Who takes something of the trail away at once is told by a function that looks whether it is there and theirs to take;
-- and the file of an export is that of one hand alone.

-- How often it was taken up. The file of each hand has a name of its own; that of the last one is the export's.
ALTER TABLE trail.audit_export ADD COLUMN hand int NOT NULL DEFAULT 0;
GRANT SELECT (hand) ON trail.audit_export TO countersign_web, countersign_auditor, countersign_worker;

-- As before; whose file it is stays too.
CREATE OR REPLACE FUNCTION trail.check_export_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE'
    AND (new.id, new.person_id, new.format, new.scope, new.incident_id, new.withheld, new.asked_at)
      IS NOT DISTINCT FROM (old.id, old.person_id, old.format, old.scope, old.incident_id, old.withheld, old.asked_at)
    AND new.hand >= old.hand
    AND (CASE old.state
      WHEN 'queued' THEN new.state IN ('running', 'cancelled', 'failed')
      WHEN 'running' THEN new.state IN ('running', 'queued', 'ready', 'failed', 'cancelled')
      WHEN 'ready' THEN new.state IN ('ready', 'expired') AND new.expires_at <= old.expires_at
        AND (new.file_name, new.bytes, new.sha256, new.done, new.ended_at, new.hand) IS NOT DISTINCT FROM (old.file_name, old.bytes, old.sha256, old.done, old.ended_at, old.hand)
      ELSE false END)
  THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;

-- As before, and counts the hands.
CREATE OR REPLACE FUNCTION gate.take_export(p_worker text, p_lease_ms int) RETURNS SETOF trail.audit_export
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x trail.audit_export;
BEGIN
  SELECT * INTO x FROM trail.audit_export WHERE state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp())
    ORDER BY asked_at, id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF x.id IS NULL THEN RETURN; END IF;
  UPDATE trail.audit_export SET state = 'running', worker = p_worker, attempt = attempt + 1, hand = hand + 1, done = 0, total = null,
    lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0), started_at = coalesce(started_at, clock_timestamp())
    WHERE id = x.id RETURNING * INTO x;
  IF x.attempt > 3 THEN
    PERFORM gate.fail_export(x.id, p_worker, 'Three workers began it and none came to its end.');
    RETURN;
  END IF;
  RETURN NEXT x;
END $$;

-- Before the first byte leaves: the trail of an incident, the certificate of a decision that is settled, or the proof of an
-- entry that a checkpoint covers, by an exporter or by a token that may read incidents.
CREATE FUNCTION gate.record_download(p_actor text, p_incident uuid, p_format text, p_decision uuid, p_entry bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_is_there boolean;
BEGIN
  IF p_actor ~ '^person:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    PERFORM gate.require_exporter(substr(p_actor, 8)::uuid);
  ELSIF NOT EXISTS (SELECT FROM public.api_token t WHERE p_actor = 'system:' || left(regexp_replace(lower('token:' || t.name), '[^a-z0-9._-]+', '-', 'g'), 100)
    AND 'incidents:read' = ANY (t.scopes) AND t.revoked_at IS NULL AND coalesce(t.expires_at > clock_timestamp(), true)) THEN
    PERFORM gate.refuse('G2', 'a download is by a person, or a token in force');
  END IF;
  v_is_there := CASE
    WHEN p_format IN ('jsonl', 'csv') THEN num_nonnulls(p_decision, p_entry) = 0 AND EXISTS (SELECT FROM public.incident WHERE id = p_incident)
    WHEN p_format = 'certificate (PDF)' THEN p_entry IS NULL AND EXISTS (SELECT FROM public.decision WHERE id = p_decision AND incident_id = p_incident AND state <> 'proposed')
    WHEN p_format = 'proof' THEN p_decision IS NULL AND EXISTS (SELECT FROM trail.entry WHERE seq = p_entry AND incident_id IS NOT DISTINCT FROM p_incident)
      AND EXISTS (SELECT FROM trail.checkpoint WHERE size > p_entry)
    END;
  IF v_is_there IS NOT TRUE THEN PERFORM gate.refuse('G10', 'there is nothing like that to take away'); END IF;
  PERFORM trail.write('export.downloaded', p_actor, p_incident,
    trail.canonical(jsonb_strip_nulls(jsonb_build_object('format', p_format, 'decision', p_decision, 'entry', p_entry))));
END $$;
GRANT EXECUTE ON FUNCTION gate.record_download(text, uuid, text, uuid, bigint) TO countersign_web;

-- As before; no login says by itself that something was taken away.
CREATE OR REPLACE FUNCTION trail.append(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_noun text := split_part(p_kind, '.', 1);
BEGIN
  IF p_kind IS NULL OR p_kind !~ '^[a-z_]+\.[a-z_]+$' THEN
    RAISE EXCEPTION 'trail: % is not a kind of entry', coalesce(p_kind, 'null') USING ERRCODE = '22023';
  END IF;
  IF v_noun IN ('decision', 'policy', 'role', 'checkpoint', 'person', 'response', 'passkey', 'model', 'report', 'responder', 'payload', 'erasure', 'hold')
    OR p_kind IN ('incident.status_changed', 'evidence.dropped', 'run.cancelled', 'export.key_published', 'export.requested', 'export.completed', 'export.failed',
      'export.cancelled', 'export.expired', 'export.downloaded') OR p_actor IN ('system:gate', 'system:owner', 'system:responder', 'system:automation')
  THEN
    RAISE EXCEPTION 'trail: the kind % is reserved', p_kind USING ERRCODE = '42501';
  END IF;
  IF (session_user = 'countersign_web' AND (v_noun IN ('model_run', 'prompt', 'evaluation') OR p_kind IN ('summary.issued', 'summary.reverified', 'trail.checked')
      OR p_actor LIKE 'model:%' OR p_actor = 'system:worker'))
    OR (session_user = 'countersign_worker' AND (v_noun IN ('session', 'password', 'access', 'source', 'note', 'claim', 'verdict', 'export', 'question', 'draft', 'run', 'budget')
      OR p_kind IN ('evidence.read', 'incident.assigned', 'summary.requested') OR p_actor LIKE 'person:%'))
  THEN
    RAISE EXCEPTION 'trail: % by % is not for this login', p_kind, p_actor USING ERRCODE = '42501';
  END IF;
  IF p_actor ~ '^person:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    AND NOT EXISTS (SELECT FROM public.person WHERE id = substr(p_actor, 8)::uuid)
  THEN
    RAISE EXCEPTION 'trail: no such actor' USING ERRCODE = '22023';
  END IF;
  RETURN trail.write(p_kind, p_actor, p_incident, p_payload);
END $$;

SELECT gate.record_guards();
