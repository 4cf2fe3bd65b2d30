-- Responses that no decision asks for but an automatic act: carried out by the same attempts, and not begun once
-- automation is stopped. A signed decision takes one back like any other.

-- Does a stop count for this incident now?
CREATE FUNCTION gate.automation_is_stopped(p_incident uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.automation_stopped s
    WHERE s.scope = 'global' OR s.incident_id = p_incident OR s.incident_type = ANY (gate.incident_types(p_incident)))
$$;

-- As before, for responses of either kind.
CREATE OR REPLACE FUNCTION gate.plan_response() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_undo uuid;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = new.decision_id;
  SELECT (a ->> 'undoOf')::uuid INTO v_undo
    FROM jsonb_array_elements(CASE jsonb_typeof(d.content -> 'actions') WHEN 'array' THEN d.content -> 'actions' ELSE '[]' END) AS a
    WHERE a ->> 'action' = new.action AND a ->> 'target' = new.target AND a ? 'undoOf' LIMIT 1;
  IF v_undo IS NOT NULL AND NOT EXISTS (SELECT FROM public.response_run r JOIN public.response_task t ON t.run_id = r.id
    WHERE r.id = v_undo AND r.incident_id = new.incident_id AND r.action = new.action AND r.target = new.target
      AND t.undo_of IS NULL AND t.dispatched IS NOT NULL)
  THEN
    PERFORM gate.refuse('G27', 'what is taken back was not sent from here for this incident');
  END IF;
  INSERT INTO public.response_task (run_id, undo_of, next_at) VALUES (new.id, v_undo, clock_timestamp());
  INSERT INTO public.outbox (kind, incident_id) VALUES ('response.planned', new.incident_id);
  RETURN null;
END $$;

-- As before, and no later attempt begins more than three hours after the signature; an automatic act's response is begun
-- only while automation is not stopped.
CREATE OR REPLACE FUNCTION gate.start_attempt(p_run uuid, p_responder uuid, p_worker text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.response_task;
  r public.response_run;
  d public.decision;
  v_number int;
  v_acted boolean;
BEGIN
  SELECT * INTO t FROM public.response_task WHERE run_id = p_run FOR UPDATE;
  SELECT * INTO r FROM public.response_run WHERE id = p_run;
  SELECT * INTO d FROM public.decision WHERE id = r.decision_id;
  IF r.automatic_act_id IS NULL AND (d.id IS NULL OR d.state <> 'in_effect') THEN PERFORM gate.refuse('G10', 'no decision in effect asks for this response'); END IF;
  IF r.automatic_act_id IS NOT NULL THEN
    -- An older snapshot would not see a stop.
    IF current_setting('transaction_isolation') <> 'read committed' THEN PERFORM gate.refuse('G33', 'an attempt is judged over what stands now'); END IF;
    PERFORM gate.lock_automation();
    IF gate.automation_is_stopped(r.incident_id) THEN PERFORM gate.refuse('G33', 'automation was stopped before this was sent'); END IF;
  END IF;
  IF t.run_id IS NULL OR t.step <> 'dispatch' OR r.outcome <> 'unknown' THEN PERFORM gate.refuse('G27', 'nothing is to be sent for this response'); END IF;
  IF t.claimed_by IS DISTINCT FROM p_worker OR t.claimed_until <= clock_timestamp() THEN
    PERFORM gate.refuse('G27', 'another worker has this response');
  END IF;
  IF NOT EXISTS (SELECT FROM public.responder WHERE id = p_responder AND retired_at IS NULL AND r.action = ANY (actions)) THEN
    PERFORM gate.refuse('G27', 'no responder in force serves this action by that id');
  END IF;
  UPDATE public.response_attempt SET ended_at = clock_timestamp(), outcome = 'unknown', may_have_acted = true,
    answer = 'The worker ended before an answer was stored.' WHERE run_id = p_run AND ended_at IS NULL;
  SELECT coalesce(max(number), 0) + 1, coalesce(bool_or(may_have_acted), false) INTO v_number, v_acted
    FROM public.response_attempt WHERE run_id = p_run;
  IF v_number > 10 OR t.created_at < clock_timestamp() - (CASE v_number WHEN 1 THEN interval '60 minutes' ELSE interval '3 hours' END) THEN
    PERFORM gate.refuse('G27', 'too many attempts, or too late');
  END IF;
  INSERT INTO public.response_attempt (run_id, number, key, responder_id, started_at)
    VALUES (p_run, v_number, 'run-' || p_run, p_responder, clock_timestamp());
  UPDATE public.response_task SET responder_id = p_responder WHERE run_id = p_run;
  PERFORM trail.write('response.attempted', 'system:responder', r.incident_id, trail.canonical(jsonb_build_object('run', p_run,
    'action', r.action, 'target', r.target, 'attempt', v_number, 'undoOf', t.undo_of, 'responder', p_responder)
    || CASE WHEN r.decision_id IS NULL THEN jsonb_build_object('act', r.automatic_act_id) ELSE jsonb_build_object('decision', r.decision_id) END));
  RETURN jsonb_build_object('number', v_number, 'key', 'run-' || p_run, 'mayHaveActed', v_acted);
END $$;

-- As before, for responses of either kind.
CREATE OR REPLACE FUNCTION gate.check_response_again(p_run uuid, p_person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t public.response_task;
BEGIN
  PERFORM gate.require_worker_of_desk(p_person);
  SELECT * INTO t FROM public.response_task WHERE run_id = p_run FOR UPDATE;
  IF t.run_id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such response'); END IF;
  IF t.dispatched IS NULL THEN RETURN false; END IF;
  UPDATE public.response_task SET step = 'verify', next_at = least(next_at, clock_timestamp()) WHERE run_id = p_run;
  INSERT INTO public.outbox (kind, incident_id)
    SELECT 'response.planned', incident_id FROM public.response_run WHERE id = p_run;
  RETURN true;
END $$;

-- As before; who carries out responses, and what ran by itself, are the gate's to tell.
CREATE OR REPLACE FUNCTION trail.append(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_noun text := split_part(p_kind, '.', 1);
BEGIN
  IF p_kind IS NULL OR p_kind !~ '^[a-z_]+\.[a-z_]+$' THEN
    RAISE EXCEPTION 'trail: % is not a kind of entry', coalesce(p_kind, 'null') USING ERRCODE = '22023';
  END IF;
  IF v_noun IN ('decision', 'policy', 'role', 'checkpoint', 'person', 'response', 'passkey', 'model', 'report', 'responder')
    OR p_kind IN ('incident.status_changed', 'evidence.dropped', 'run.cancelled') OR p_actor IN ('system:gate', 'system:owner', 'system:responder', 'system:automation')
  THEN
    RAISE EXCEPTION 'trail: the kind % is reserved', p_kind USING ERRCODE = '42501';
  END IF;
  IF (session_user = 'countersign_web' AND (v_noun IN ('model_run', 'prompt', 'evaluation') OR p_kind IN ('summary.issued', 'summary.reverified')
      OR p_actor LIKE 'model:%' OR p_actor = 'system:worker'))
    OR (session_user = 'countersign_worker' AND (v_noun IN ('session', 'source', 'note', 'claim', 'verdict', 'export', 'question', 'draft', 'run', 'budget')
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

-- As before; a stop, or what was cut off by itself, stays with its incident. What was only collected binds nobody.
CREATE OR REPLACE FUNCTION gate.check_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.merged_into_id IS NOT NULL OR new.status <> 'new' OR new.assignee_id IS NOT NULL OR new.verdict IS NOT NULL
    OR EXISTS (SELECT FROM public.decision WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.claim_review WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.note WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.automation_stop WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = new.id AND action <> 'collect_artifacts')
    OR EXISTS (SELECT FROM public.incident WHERE id = new.merged_into_id AND merged_into_id IS NOT NULL)
  THEN
    RAISE EXCEPTION 'merge: only an untouched incident may be merged, once, into one that stands' USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;

GRANT EXECUTE ON FUNCTION gate.void_as(public.decision) TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
