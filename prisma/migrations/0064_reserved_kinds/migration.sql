-- The life of an export is written by its own functions alone.
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
      'export.cancelled', 'export.expired') OR p_actor IN ('system:gate', 'system:owner', 'system:responder', 'system:automation')
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
