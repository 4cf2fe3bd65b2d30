-- Carrying out: what a run waits for, each attempt, and what is verified.

-- A run and the work on it are written together, when its decision takes effect. An action that takes back names the
-- run it takes back, in what was signed.
CREATE FUNCTION gate.plan_response() RETURNS trigger
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
CREATE TRIGGER plan_response AFTER INSERT ON public.response_run FOR EACH ROW EXECUTE FUNCTION gate.plan_response();
ALTER TABLE public.response_run ENABLE ALWAYS TRIGGER plan_response;

-- Begins an attempt, before anything leaves. What an earlier one left open ended with its worker, and may have acted.
-- Returns {"number": n, "key": ..., "mayHaveActed": true | false}.
CREATE FUNCTION gate.start_attempt(p_run uuid, p_responder uuid, p_worker text) RETURNS jsonb
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

-- An attempt ends once, and says then what it will say for good.
CREATE FUNCTION gate.check_attempt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.ended_at IS NOT NULL OR (new.run_id, new.number, new.key, new.responder_id, new.started_at)
    IS DISTINCT FROM (old.run_id, old.number, old.key, old.responder_id, old.started_at)
  THEN
    PERFORM gate.refuse('G27', 'an attempt ends once');
  END IF;
  new.ended_at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_attempt BEFORE UPDATE ON public.response_attempt FOR EACH ROW EXECUTE FUNCTION gate.check_attempt();
ALTER TABLE public.response_attempt ENABLE ALWAYS TRIGGER check_attempt;

-- An entry is taken off once, by a signed response that takes its own back; nothing else of it changes.
CREATE FUNCTION gate.check_block_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'INSERT' THEN
    new.added_at := clock_timestamp();
    IF new.removed_at IS NOT NULL OR NOT EXISTS (SELECT FROM public.response_attempt a JOIN public.response_run r ON r.id = a.run_id
      JOIN public.responder p ON p.id = a.responder_id
      WHERE a.run_id = new.run_id AND a.ended_at IS NULL AND r.action = 'block_indicator' AND p.kind = 'block_list' AND p.name = new.list)
    THEN
      PERFORM gate.refuse('G27', 'an entry comes with an attempt of a signed response');
    END IF;
    RETURN new;
  END IF;
  IF old.removed_at IS NOT NULL OR (to_jsonb(new) - '{removed_at,removed_by}'::text[]) IS DISTINCT FROM (to_jsonb(old) - '{removed_at,removed_by}'::text[])
    OR NOT EXISTS (SELECT FROM public.response_task t JOIN public.response_attempt a ON a.run_id = t.run_id
      WHERE t.run_id = new.removed_by AND t.undo_of = old.run_id AND a.ended_at IS NULL)
  THEN
    PERFORM gate.refuse('G27', 'an entry is taken off by a signed response that takes it back');
  END IF;
  new.removed_at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_block_entry BEFORE INSERT OR UPDATE ON public.block_list_entry FOR EACH ROW EXECUTE FUNCTION gate.check_block_entry();
ALTER TABLE public.block_list_entry ENABLE ALWAYS TRIGGER check_block_entry;

-- Asks the system once more what came of it; nothing is sent that acts. False: there is nothing to ask about.
CREATE FUNCTION gate.check_response_again(p_run uuid, p_person uuid) RETURNS boolean
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

CREATE FUNCTION gate.request_responder_test(p_id uuid, p_responder uuid, p_person uuid, p_action text, p_target text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.require_admin(p_person);
  IF NOT EXISTS (SELECT FROM public.responder WHERE id = p_responder AND retired_at IS NULL AND p_action = ANY (actions)) THEN
    PERFORM gate.refuse('G10', 'no responder in force serves this action by that id');
  END IF;
  INSERT INTO public.responder_test (id, responder_id, action, target, by_id, at)
    VALUES (p_id, p_responder, p_action, p_target, p_person, clock_timestamp());
END $$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['responder', 'response_task', 'response_attempt', 'block_list_entry'] LOOP
    EXECUTE format('CREATE TRIGGER no_deletion BEFORE DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_deletion', name);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_truncate', name);
  END LOOP;
END $$;

GRANT SELECT (id, name, version, kind, settings, actions, credentials_hint, token_sha256, token_hint, by_id, at, retired_by, retired_at)
  ON public.responder TO countersign_web;
GRANT SELECT (id, name, version, kind, settings, actions, credentials_hint, token_hint, by_id, at, retired_by, retired_at)
  ON public.responder TO countersign_auditor;
GRANT SELECT (id, name, version, kind, settings, actions, credentials_sealed, at, retired_at) ON public.responder TO countersign_worker;
GRANT SELECT ON public.response_task, public.response_attempt, public.block_list_entry, public.block_list_fetch, public.responder_test
  TO countersign_web, countersign_worker, countersign_auditor;
GRANT UPDATE (step, next_at, claimed_by, claimed_until, foreseen, dispatched, checks, checked_at, checked) ON public.response_task TO countersign_worker;
GRANT UPDATE (ended_at, outcome, http_status, answer, may_have_acted) ON public.response_attempt TO countersign_worker;
GRANT INSERT ON public.block_list_entry TO countersign_worker;
GRANT UPDATE (removed_at, removed_by) ON public.block_list_entry TO countersign_worker;
GRANT INSERT ON public.block_list_fetch TO countersign_web;
GRANT UPDATE (at) ON public.block_list_fetch TO countersign_web;
GRANT UPDATE (ended_at, ok, sentences) ON public.responder_test TO countersign_worker;
GRANT EXECUTE ON FUNCTION gate.configure_responder(uuid, uuid, text, text, jsonb, text[], bytea, text, bytea, text, uuid),
  gate.retire_responder(uuid, uuid), gate.check_response_again(uuid, uuid), gate.request_responder_test(uuid, uuid, uuid, text, text) TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.start_attempt(uuid, uuid, text) TO countersign_worker;

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

SELECT gate.record_guards();
