-- Switching a model on is signed by an admin over a finished evaluation of it; switching off is one act, at once.

-- What is signed: canonical JSON, with the activation it follows, so that no signature counts a second time.
CREATE FUNCTION gate.activation_statement(p_config uuid, p_evaluation uuid, p_reason text) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'activate_model', 'config', encode(c.sha256, 'hex'), 'evaluation', e.id,
    'previous', (SELECT id FROM public.model_in_force), 'prompts', e.prompts, 'reason', p_reason, 'v', 1))
  FROM public.model_config c JOIN public.evaluation e ON e.id = p_evaluation
  WHERE c.id = p_config
$$;

-- Puts a model and its prompts in force. Returns the activation's id; refusals are raised with their guard.
CREATE FUNCTION gate.activate_model(p_person uuid, p_config uuid, p_evaluation uuid, p_statement_sha256 bytea, p_proof bytea, p_reason text)
RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_id uuid := gate.uuid_v7();
  v_statement text;
BEGIN
  PERFORM pg_advisory_xact_lock(x'63676e32'::bigint);
  v_statement := gate.activation_statement(p_config, p_evaluation, p_reason);
  IF v_statement IS NULL THEN PERFORM gate.refuse('G16', 'there is no such model or evaluation'); END IF;
  IF p_statement_sha256 IS DISTINCT FROM sha256(convert_to(v_statement, 'UTF8')) THEN PERFORM gate.refuse('G5', 'another statement was signed'); END IF;
  INSERT INTO public.model_activation (id, config_id, prompts, evaluation_id, person_id, statement, statement_sha256, proof, reason)
    VALUES (v_id, p_config, (SELECT prompts FROM public.evaluation WHERE id = p_evaluation), p_evaluation, p_person, v_statement, p_statement_sha256,
      p_proof, p_reason);
  INSERT INTO public.outbox (kind) VALUES ('model.changed');
  PERFORM trail.write('model.activated', 'person:' || p_person, null, (SELECT trail.canonical(jsonb_build_object('activation', v_id,
      'config', c.id, 'name', c.name, 'version', c.version, 'model', c.model, 'configSha256', encode(c.sha256, 'hex'), 'evaluation', p_evaluation,
      'promptSha256', (SELECT jsonb_object_agg(v.name || '/' || v.version, encode(v.sha256, 'hex')) FROM public.prompt_version v
        JOIN public.evaluation e ON e.id = p_evaluation AND e.prompts ->> v.name = v.version::text),
      'statement', v_statement, 'statementSha256', encode(p_statement_sha256, 'hex'), 'reason', p_reason))
    FROM public.model_config c WHERE c.id = p_config));
  RETURN v_id;
END $$;

-- Switches the model off. Returns the activation's id, also when it was off already.
CREATE FUNCTION gate.stop_model(p_person uuid, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_id uuid := gate.uuid_v7();
  v_statement text;
  f public.model_in_force;
BEGIN
  PERFORM gate.require_stopper(p_person);
  PERFORM pg_advisory_xact_lock(x'63676e32'::bigint);
  SELECT * INTO f FROM public.model_in_force;
  IF f.id IS NOT NULL AND f.config_id IS NULL THEN RETURN f.id; END IF;
  v_statement := trail.canonical(jsonb_build_object('act', 'stop_model', 'previous', f.id, 'reason', p_reason, 'v', 1));
  INSERT INTO public.model_activation (id, person_id, statement, statement_sha256, reason)
    VALUES (v_id, p_person, v_statement, sha256(convert_to(v_statement, 'UTF8')), p_reason);
  INSERT INTO public.outbox (kind) VALUES ('model.changed');
  PERFORM trail.write('model.stopped', 'person:' || p_person, null,
    trail.canonical(jsonb_build_object('activation', v_id, 'previous', f.id, 'config', f.config_id, 'reason', p_reason)));
  RETURN v_id;
END $$;

CREATE FUNCTION gate.require_stopper(p_person uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = p_person FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role NOT IN ('lead', 'admin') THEN PERFORM gate.refuse('G3', 'the role may not stop the model'); END IF;
END $$;

-- The row itself is checked once more, whoever inserts it.
CREATE FUNCTION gate.check_activation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  e public.evaluation;
  v_key bytea;
BEGIN
  new.number := nextval('public.model_activation_number_seq');
  new.at := clock_timestamp();
  IF new.config_id IS NULL THEN
    PERFORM gate.require_stopper(new.person_id);
    RETURN new;
  END IF;
  PERFORM gate.require_admin(new.person_id);
  SELECT * INTO e FROM public.evaluation WHERE id = new.evaluation_id;
  IF (e.state, e.config_id, e.prompts) IS DISTINCT FROM ('finished', new.config_id, new.prompts) THEN
    PERFORM gate.refuse('G16', 'a model goes live with a finished evaluation of it and its prompts');
  END IF;
  IF new.prompts IS NULL OR EXISTS (SELECT FROM jsonb_each_text(new.prompts) AS p
    WHERE NOT EXISTS (SELECT FROM public.prompt_version v WHERE v.name = p.key AND v.version::text = p.value))
  THEN
    PERFORM gate.refuse('G16', 'a model goes live with prompts that are published, so that their text is fixed');
  END IF;
  IF new.statement IS DISTINCT FROM gate.activation_statement(new.config_id, new.evaluation_id, new.reason) THEN
    PERFORM gate.refuse('G5', 'the statement does not say what the activation holds');
  END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = new.person_id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || new.statement_sha256) THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_activation BEFORE INSERT ON public.model_activation FOR EACH ROW EXECUTE FUNCTION gate.check_activation();
ALTER TABLE public.model_activation ENABLE ALWAYS TRIGGER check_activation;

-- Cancels a run that waits; one that streams is asked to stop, which its worker does at its next sign of life.
-- Returns {"state": ..., "stopping": true | false}.
CREATE FUNCTION gate.cancel_run(p_run uuid, p_person uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r public.model_run;
  v_sentence text;
BEGIN
  SELECT * INTO r FROM public.model_run WHERE id = p_run FOR UPDATE;
  IF r.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such request'); END IF;
  IF r.kind = 'probe' THEN PERFORM gate.require_stopper(p_person); ELSE PERFORM gate.require_worker_of_desk(p_person); END IF;
  IF r.kind = 'evaluation' THEN PERFORM gate.refuse('G17', 'an evaluation is not ended request by request'); END IF;
  IF r.state NOT IN ('queued', 'streaming') OR r.stop_asked_at IS NOT NULL THEN
    RETURN jsonb_build_object('state', r.state, 'stopping', r.state = 'streaming');
  END IF;
  IF r.state = 'streaming' THEN
    UPDATE public.model_run SET stop_asked_by = p_person, stop_asked_at = clock_timestamp() WHERE id = r.id;
  ELSE
    v_sentence := format('%s cancelled it before it was sent.', (SELECT name FROM public.person WHERE id = p_person));
    INSERT INTO public.run_event (run_id, seq, kind, data)
      VALUES (r.id, 1, 'done', jsonb_build_object('state', 'cancelled', 'reason', v_sentence, 'isComplete', false));
    UPDATE public.model_run SET state = 'cancelled', error = v_sentence WHERE id = r.id;
  END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('run.changed', r.incident_id);
  PERFORM trail.write('run.cancelled', 'person:' || p_person, r.incident_id,
    trail.canonical(jsonb_build_object('run', r.id, 'kind', r.kind, 'was', r.state)));
  RETURN jsonb_build_object('state', CASE r.state WHEN 'queued' THEN 'cancelled' ELSE r.state END, 'stopping', r.state = 'streaming');
END $$;

GRANT EXECUTE ON FUNCTION gate.activation_statement(uuid, uuid, text), gate.activate_model(uuid, uuid, uuid, bytea, bytea, text),
  gate.stop_model(uuid, text), gate.cancel_run(uuid, uuid) TO countersign_web;

-- As before; what the gate writes about models and reports of them is the gate's, what people ask for is the web login's, and how an
-- evaluation ended is the worker's.
CREATE OR REPLACE FUNCTION trail.append(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_noun text := split_part(p_kind, '.', 1);
BEGIN
  IF p_kind IS NULL OR p_kind !~ '^[a-z_]+\.[a-z_]+$' THEN
    RAISE EXCEPTION 'trail: % is not a kind of entry', coalesce(p_kind, 'null') USING ERRCODE = '22023';
  END IF;
  IF v_noun IN ('decision', 'policy', 'role', 'checkpoint', 'person', 'response', 'passkey', 'model', 'report')
    OR p_kind IN ('incident.status_changed', 'evidence.dropped', 'run.cancelled') OR p_actor IN ('system:gate', 'system:owner', 'system:responder')
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
