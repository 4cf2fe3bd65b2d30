-- What a run is and which moves it may make. A run is born queued; only gate.start_run makes it stream.

ALTER TABLE public.model_run
  ADD CONSTRAINT model_run_kind CHECK (kind IN ('summary', 'repair', 'answer', 'note', 'handover', 'message', 'probe', 'evaluation')),
  ADD CONSTRAINT model_run_incident CHECK ((incident_id IS NULL) = (kind IN ('probe', 'evaluation'))),
  ADD CONSTRAINT model_run_prompt CHECK (prompt_version_id IS NOT NULL OR kind = 'probe'),
  ADD CONSTRAINT model_run_question CHECK (CASE kind WHEN 'answer' THEN question IS NOT NULL
    WHEN 'note' THEN true WHEN 'handover' THEN true WHEN 'message' THEN true ELSE question IS NULL END AND length(question) BETWEEN 1 AND 2000),
  ADD CONSTRAINT model_run_repair CHECK ((repair_of IS NOT NULL) = (kind = 'repair')),
  ADD CONSTRAINT model_run_evaluation CHECK ((evaluation_id IS NOT NULL) = (kind = 'evaluation')),
  ADD CONSTRAINT model_run_attempt CHECK (attempt BETWEEN 1 AND 1000),
  ADD CONSTRAINT model_run_fault CHECK (fault IN ('overloaded', 'rate_limited', 'spend_limit', 'server', 'timeout', 'connection',
    'credentials', 'request', 'answer', 'worker_lost', 'stopped')),
  ADD CONSTRAINT model_run_canary CHECK (canary_result IN ('kept', 'leaked')),
  ADD CONSTRAINT model_run_money CHECK (cost_micro >= 0 AND reserved_micro >= 0),
  ADD CONSTRAINT model_run_queued CHECK (state <> 'queued' OR num_nonnulls(request, request_sha256, params, worker, heartbeat_at,
    reserved_micro, budget_day, redaction_sealed, fence, canary, response, cost_micro, finished_at, fault, stop_asked_at) = 0),
  ADD CONSTRAINT model_run_open CHECK (state NOT IN ('queued', 'streaming') OR config_id IS NOT NULL),
  ADD CONSTRAINT model_run_streaming CHECK (state <> 'streaming' OR num_nonnulls(worker, heartbeat_at, reserved_micro, budget_day, params) = 5),
  ADD CONSTRAINT model_run_asked CHECK (state IN ('queued', 'failed', 'cancelled') OR num_nonnulls(request, request_sha256) = 2),
  ADD CONSTRAINT model_run_digest CHECK (fence IS NULL OR request_sha256 = sha256(convert_to(request, 'UTF8')));

CREATE INDEX model_run_queue_idx ON public.model_run (priority DESC, queued_at, id) WHERE state = 'queued';
CREATE INDEX model_run_streaming_idx ON public.model_run (config_id, heartbeat_at) WHERE state = 'streaming';
CREATE INDEX model_run_ended_idx ON public.model_run (config_id, finished_at DESC) WHERE state IN ('finished', 'failed', 'refused');
CREATE INDEX model_run_queued_at_id_idx ON public.model_run (queued_at DESC, id DESC);
CREATE INDEX model_run_probe_idx ON public.model_run (config_id, queued_at DESC) WHERE kind = 'probe';
CREATE INDEX model_run_evaluation_id_idx ON public.model_run (evaluation_id);
CREATE INDEX model_run_repair_of_idx ON public.model_run (repair_of);
-- One summary of an incident is written at a time; beside what the worker queued itself a person may ask once more.
CREATE UNIQUE INDEX model_run_one_summary ON public.model_run (incident_id) WHERE state = 'streaming' AND kind IN ('summary', 'repair');
CREATE UNIQUE INDEX model_run_one_queued_summary ON public.model_run (incident_id, (asked_by IS NULL)) WHERE state = 'queued' AND kind = 'summary';
CREATE UNIQUE INDEX model_run_one_answer ON public.model_run (incident_id, asked_by) WHERE state IN ('queued', 'streaming') AND kind = 'answer';
CREATE UNIQUE INDEX model_run_one_repair ON public.model_run (repair_of) WHERE kind = 'repair' AND state IN ('queued', 'streaming', 'finished', 'refused');

CREATE FUNCTION gate.check_new_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  IF new.state <> 'queued' THEN PERFORM gate.refuse('G17', 'a run begins queued'); END IF;
  IF session_user = 'countersign_web' THEN
    IF new.kind IN ('repair', 'evaluation') OR new.asked_by IS NULL OR new.attempt <> 1 THEN
      PERFORM gate.refuse('G17', 'only a person''s own request is queued from here');
    END IF;
    new.not_before := clock_timestamp();
  END IF;
  IF new.kind = 'answer' AND new.asked_by IS NULL THEN PERFORM gate.refuse('G17', 'a question is a person''s'); END IF;
  IF new.asked_by IS NOT NULL THEN
    SELECT * INTO m FROM public.person WHERE id = new.asked_by;
    IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
    IF gate.rank(m.role) < 1 AND NOT (new.kind = 'probe' AND m.role = 'admin') THEN PERFORM gate.refuse('G3', 'the role may not ask a model'); END IF;
  END IF;
  IF new.kind = 'repair' AND NOT EXISTS (SELECT FROM public.model_run r WHERE r.id = new.repair_of AND r.kind = 'summary' AND r.incident_id = new.incident_id) THEN
    PERFORM gate.refuse('G17', 'a repair is of a summary of the same incident');
  END IF;
  PERFORM gate.check_run_config(new);
  SELECT model INTO new.model FROM public.model_config WHERE id = new.config_id;
  new.queued_at := clock_timestamp();
  new.started_at := new.queued_at;
  RETURN new;
END $$;

-- An evaluation speaks for one config: its runs are asked of that one.
CREATE FUNCTION gate.check_run_config(r public.model_run) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF r.kind = 'evaluation' AND r.config_id IS DISTINCT FROM (SELECT config_id FROM public.evaluation WHERE id = r.evaluation_id) THEN
    PERFORM gate.refuse('G17', 'an evaluation is of one model');
  END IF;
END $$;

-- queued -> streaming, cancelled, failed; streaming -> finished, failed, cancelled, refused; no way back. Which request it
-- is never changes; what exactly was asked is settled while it waits, and fixed from then on.
DROP TRIGGER fixed ON public.model_run;
DROP TRIGGER finished ON public.model_run;
CREATE FUNCTION gate.check_run_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (new.id, new.kind, new.incident_id, new.asked_by, new.question, new.repair_of, new.evaluation_id, new.priority, new.attempt, new.idem, new.queued_at)
    IS DISTINCT FROM (old.id, old.kind, old.incident_id, old.asked_by, old.question, old.repair_of, old.evaluation_id, old.priority, old.attempt, old.idem, old.queued_at)
  THEN
    PERFORM gate.refuse('G17', 'which request this is never changes');
  END IF;
  IF old.state <> 'queued' AND (new.config_id, new.prompt_version_id, new.model, new.request, new.request_sha256, new.params, new.fence, new.canary,
      new.redaction_sealed, new.redactions, new.left_out, new.evidence_root, new.incident_version, new.evidence_count,
      new.started_at, new.worker, new.reserved_micro, new.budget_day, new.not_before)
    IS DISTINCT FROM (old.config_id, old.prompt_version_id, old.model, old.request, old.request_sha256, old.params, old.fence, old.canary,
      old.redaction_sealed, old.redactions, old.left_out, old.evidence_root, old.incident_version, old.evidence_count,
      old.started_at, old.worker, old.reserved_micro, old.budget_day, old.not_before)
  THEN
    PERFORM gate.refuse('G17', 'what was asked of a model is fixed when it is asked');
  END IF;
  IF NOT (CASE old.state
    WHEN 'queued' THEN new.state IN ('queued', 'streaming', 'cancelled', 'failed')
    WHEN 'streaming' THEN new.state IN ('streaming', 'finished', 'failed', 'cancelled', 'refused')
    ELSE false END)
  THEN
    PERFORM gate.refuse('G17', format('no move of a run from %s to %s', old.state, new.state));
  END IF;
  IF new.config_id IS DISTINCT FROM old.config_id THEN
    IF new.kind IN ('probe', 'evaluation') THEN PERFORM gate.refuse('G17', 'a probe is of one model'); END IF;
    SELECT model INTO new.model FROM public.model_config WHERE id = new.config_id;
  ELSIF new.model IS DISTINCT FROM old.model THEN
    PERFORM gate.refuse('G17', 'the model is the config''s');
  END IF;
  IF new.state IN ('finished', 'failed', 'cancelled', 'refused') THEN
    new.finished_at := clock_timestamp();
    new.waits_for := null;
  ELSE
    new.finished_at := null;
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_new_run BEFORE INSERT ON public.model_run FOR EACH ROW EXECUTE FUNCTION gate.check_new_run();
CREATE TRIGGER check_run_move BEFORE UPDATE ON public.model_run FOR EACH ROW EXECUTE FUNCTION gate.check_run_move();
ALTER TABLE public.model_run ENABLE ALWAYS TRIGGER check_new_run;
ALTER TABLE public.model_run ENABLE ALWAYS TRIGGER check_run_move;

-- A run's events: 1, 2, 3 ... while it streams, and `done` as the last, in the transaction that ends it.
CREATE FUNCTION gate.check_run_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_state text;
  last public.run_event;
BEGIN
  SELECT state INTO v_state FROM public.model_run WHERE id = new.run_id FOR SHARE;
  IF v_state IS NULL OR NOT (v_state = 'streaming' OR (v_state = 'queued' AND new.kind = 'done')) THEN
    PERFORM gate.refuse('G18', 'events are of a run that streams');
  END IF;
  SELECT * INTO last FROM public.run_event WHERE run_id = new.run_id ORDER BY seq DESC LIMIT 1;
  IF last.kind = 'done' OR new.seq <> coalesce(last.seq, 0) + 1 THEN
    PERFORM gate.refuse('G18', 'the next event is the one after the last');
  END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_run_event BEFORE INSERT ON public.run_event FOR EACH ROW EXECUTE FUNCTION gate.check_run_event();
ALTER TABLE public.run_event ENABLE ALWAYS TRIGGER check_run_event;

CREATE FUNCTION gate.check_run_done() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_run uuid := CASE tg_table_name WHEN 'run_event' THEN (to_jsonb(new) ->> 'run_id')::uuid ELSE (to_jsonb(new) ->> 'id')::uuid END;
BEGIN
  IF EXISTS (SELECT FROM public.model_run WHERE id = v_run AND state IN ('queued', 'streaming'))
    <> NOT EXISTS (SELECT FROM public.run_event WHERE run_id = v_run AND kind = 'done')
  THEN
    PERFORM gate.refuse('G18', 'a run ends with its event `done`, and at no other time');
  END IF;
  RETURN null;
END $$;
CREATE CONSTRAINT TRIGGER run_done AFTER UPDATE ON public.model_run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (new.state IN ('finished', 'failed', 'cancelled', 'refused')) EXECUTE FUNCTION gate.check_run_done();
CREATE CONSTRAINT TRIGGER run_done AFTER INSERT ON public.run_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (new.kind = 'done') EXECUTE FUNCTION gate.check_run_done();
ALTER TABLE public.model_run ENABLE ALWAYS TRIGGER run_done;
ALTER TABLE public.run_event ENABLE ALWAYS TRIGGER run_done;

-- Of an evaluation only its progress moves, and nothing once it has ended.
CREATE FUNCTION gate.check_evaluation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'INSERT' THEN
    IF new.state <> 'queued' OR new.cases_done <> 0 OR num_nonnulls(new.scores, new.error, new.finished_at) > 0 THEN
      PERFORM gate.refuse('G19', 'an evaluation begins queued');
    END IF;
    IF session_user = 'countersign_web' AND new.by_id IS NULL THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
    IF new.by_id IS NOT NULL THEN PERFORM gate.require_admin(new.by_id); END IF;
    new.started_at := clock_timestamp();
    RETURN new;
  END IF;
  IF (new.id, new.config_id, new.prompts, new.suite, new.by_id, new.started_at)
      IS DISTINCT FROM (old.id, old.config_id, old.prompts, old.suite, old.by_id, old.started_at)
    OR new.cases_done < old.cases_done
    OR NOT (CASE old.state WHEN 'queued' THEN new.state IN ('queued', 'running', 'failed') WHEN 'running' THEN new.state IN ('running', 'finished', 'failed') ELSE false END)
  THEN
    PERFORM gate.refuse('G19', format('no such move of an evaluation that is %s', old.state));
  END IF;
  new.finished_at := CASE WHEN new.state IN ('finished', 'failed') THEN clock_timestamp() END;
  RETURN new;
END $$;

CREATE FUNCTION gate.require_admin(p_person uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = p_person FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role <> 'admin' THEN PERFORM gate.refuse('G3', 'this is for an admin'); END IF;
END $$;
CREATE TRIGGER check_evaluation BEFORE INSERT OR UPDATE ON public.evaluation FOR EACH ROW EXECUTE FUNCTION gate.check_evaluation();
ALTER TABLE public.evaluation ENABLE ALWAYS TRIGGER check_evaluation;

-- A config is what its digest says, and an admin's unless the worker found it in its environment.
CREATE FUNCTION gate.check_config() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.by_id IS NOT NULL THEN PERFORM gate.require_admin(new.by_id);
  ELSIF session_user = 'countersign_web' THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF new.sha256 IS DISTINCT FROM sha256(convert_to(trail.canonical(jsonb_build_object('name', new.name, 'version', new.version,
    'provider', new.provider, 'model', new.model, 'baseUrl', new.base_url, 'isLocal', new.is_local, 'profile', new.profile)), 'UTF8'))
  THEN
    PERFORM gate.refuse('G5', 'the hash is not the model''s');
  END IF;
  new.created_at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_config BEFORE INSERT ON public.model_config FOR EACH ROW EXECUTE FUNCTION gate.check_config();
ALTER TABLE public.model_config ENABLE ALWAYS TRIGGER check_config;

-- What a person made of a draft is of the same kind and incident.
CREATE FUNCTION gate.check_draft() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.model_run r WHERE r.id = new.draft_run_id AND r.kind = new.kind AND r.incident_id = new.incident_id
    AND r.state NOT IN ('queued', 'streaming'))
  THEN
    PERFORM gate.refuse('G10', 'there is no such draft of this incident');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_draft BEFORE INSERT ON public.note FOR EACH ROW WHEN (new.draft_run_id IS NOT NULL) EXECUTE FUNCTION gate.check_draft();
ALTER TABLE public.note ENABLE ALWAYS TRIGGER check_draft;

DROP TRIGGER fixed ON public.evidence_item;
CREATE TRIGGER fixed BEFORE UPDATE OF id, source_id, record_key, kind, format, time, time_quality, received_at, severity, title, fields, observables,
  raw, raw_sha256, instruction_like ON public.evidence_item FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.evidence_item ENABLE ALWAYS TRIGGER fixed;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['model_config', 'model_activation', 'run_event', 'budget_limit'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['evaluation', 'model_budget', 'model_breaker'] LOOP
    EXECUTE format('CREATE TRIGGER no_deletion BEFORE DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_deletion', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['model_config', 'model_activation', 'run_event', 'budget_limit', 'evaluation', 'model_budget', 'model_breaker'] LOOP
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_truncate', name);
  END LOOP;
END $$;

-- The worker says how a run went, and what it waits for; whatever makes it stream is not the worker's to write.
GRANT UPDATE (config_id, prompt_version_id, not_before, waits_for, model_answered, cost_micro, latency_ms, first_claim_ms, canary_result, verifier, fault)
  ON public.model_run TO countersign_worker;
GRANT INSERT ON public.run_event, public.model_config, public.evaluation TO countersign_worker;
GRANT UPDATE (state, cases, cases_done, scores, error, finished_at) ON public.evaluation TO countersign_worker;
GRANT INSERT (id, incident_id, kind, config_id, asked_by, question, prompt_version_id, model, state, idem, incident_version, evidence_root,
  priority, attempt, not_before, repair_of, evaluation_id) ON public.model_run TO countersign_web;
GRANT INSERT ON public.model_config, public.evaluation TO countersign_web;

SELECT gate.record_guards();
