-- Responders: the systems that carry out response actions, what was asked of them and what they answered.

-- A responder never changes: a changed one is its name's next version, and the one before is retired with it.
CREATE TABLE public.responder (
  id uuid NOT NULL,
  name text NOT NULL CONSTRAINT responder_name CHECK (length(name) BETWEEN 2 AND 80),
  version integer NOT NULL,
  kind text NOT NULL CONSTRAINT responder_kind CHECK (kind IN ('simulated', 'webhook', 'defender', 'crowdstrike', 'okta', 'entra', 'block_list')),
  settings jsonb NOT NULL,
  actions text[] NOT NULL CONSTRAINT responder_actions CHECK (cardinality(actions) BETWEEN 1 AND 6
    AND actions <@ ARRAY['isolate_host', 'disable_account', 'revoke_sessions', 'block_indicator', 'quarantine_file', 'collect_artifacts']),
  credentials_sealed bytea,
  credentials_hint text,
  token_sha256 bytea CONSTRAINT responder_token CHECK (octet_length(token_sha256) = 32),
  token_hint text,
  by_id uuid,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  retired_by uuid,
  retired_at timestamptz(6),
  CONSTRAINT responder_pkey PRIMARY KEY (id),
  CONSTRAINT responder_by_id_fkey FOREIGN KEY (by_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT responder_retired_by_fkey FOREIGN KEY (retired_by) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX responder_name_version_key ON public.responder (name, version);
CREATE UNIQUE INDEX responder_token_sha256_key ON public.responder (token_sha256);
CREATE UNIQUE INDEX responder_one_in_force ON public.responder (name) WHERE retired_at IS NULL;
CREATE INDEX responder_at_id_idx ON public.responder (at DESC, id DESC);

-- Where a run of a response action stands: what the worker has to do next, and when. Made with the run.
CREATE TABLE public.response_task (
  run_id uuid NOT NULL,
  undo_of uuid,
  responder_id uuid,
  step text NOT NULL DEFAULT 'dispatch' CONSTRAINT response_task_step CHECK (step IN ('dispatch', 'verify', 'done')),
  next_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  claimed_by text,
  claimed_until timestamptz(6),
  foreseen text,
  dispatched jsonb,
  checks integer NOT NULL DEFAULT 0,
  checked_at timestamptz(6),
  checked text,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT response_task_pkey PRIMARY KEY (run_id),
  CONSTRAINT response_task_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.response_run (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT response_task_undo_of_fkey FOREIGN KEY (undo_of) REFERENCES public.response_run (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT response_task_responder_id_fkey FOREIGN KEY (responder_id) REFERENCES public.responder (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX response_task_due ON public.response_task (next_at, run_id) WHERE step <> 'done';
CREATE INDEX response_task_undo_of_idx ON public.response_task (undo_of);

-- One request to a responder. Its key is the run's, so that every attempt is told to be the same.
CREATE TABLE public.response_attempt (
  run_id uuid NOT NULL,
  number integer NOT NULL,
  key text NOT NULL,
  responder_id uuid NOT NULL,
  started_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ended_at timestamptz(6),
  outcome text CONSTRAINT response_attempt_outcome CHECK (outcome IN ('dispatched', 'failed', 'unknown')),
  http_status integer,
  answer text CONSTRAINT response_attempt_answer CHECK (length(answer) <= 2000),
  may_have_acted boolean,
  CONSTRAINT response_attempt_pkey PRIMARY KEY (run_id, number),
  CONSTRAINT response_attempt_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.response_run (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT response_attempt_responder_id_fkey FOREIGN KEY (responder_id) REFERENCES public.responder (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT response_attempt_key CHECK (key = 'run-' || run_id::text),
  CONSTRAINT response_attempt_ended CHECK ((ended_at IS NULL) = (outcome IS NULL) AND (ended_at IS NULL) = (may_have_acted IS NULL))
);
CREATE UNIQUE INDEX response_attempt_one_open ON public.response_attempt (run_id) WHERE ended_at IS NULL;

-- What firewalls fetch. Entries belong to the list's name, whatever version of it put them there.
CREATE TABLE public.block_list_entry (
  run_id uuid NOT NULL,
  list text NOT NULL,
  kind text NOT NULL CONSTRAINT block_list_entry_kind CHECK (kind IN ('address', 'domain')),
  value text NOT NULL CONSTRAINT block_list_entry_value CHECK (length(value) BETWEEN 2 AND 253),
  reference text NOT NULL,
  added_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(6) NOT NULL,
  removed_by uuid,
  removed_at timestamptz(6),
  CONSTRAINT block_list_entry_pkey PRIMARY KEY (run_id),
  CONSTRAINT block_list_entry_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.response_run (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT block_list_entry_removed_by_fkey FOREIGN KEY (removed_by) REFERENCES public.response_run (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX block_list_entry_list_kind_expires_at_idx ON public.block_list_entry (list, kind, expires_at);
CREATE INDEX block_list_entry_removed_by_idx ON public.block_list_entry (removed_by);

CREATE TABLE public.block_list_fetch (
  list text NOT NULL,
  kind text NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT block_list_fetch_pkey PRIMARY KEY (list, kind)
);

-- A dry run that an admin asked for: only the worker can open credentials.
CREATE TABLE public.responder_test (
  id uuid NOT NULL,
  responder_id uuid NOT NULL,
  action text NOT NULL,
  target text NOT NULL CONSTRAINT responder_test_target CHECK (length(target) BETWEEN 1 AND 512),
  by_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ended_at timestamptz(6),
  ok boolean,
  sentences jsonb,
  CONSTRAINT responder_test_pkey PRIMARY KEY (id),
  CONSTRAINT responder_test_responder_id_fkey FOREIGN KEY (responder_id) REFERENCES public.responder (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT responder_test_by_id_fkey FOREIGN KEY (by_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX responder_test_responder_id_at_idx ON public.responder_test (responder_id, at DESC);
CREATE INDEX responder_test_waiting ON public.responder_test (at) WHERE ended_at IS NULL;

-- Each action is served by one responder at most, so that what was signed is carried out once.
CREATE FUNCTION gate.check_responder() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE' THEN
    IF old.retired_at IS NOT NULL OR new.retired_at IS NULL
      OR (to_jsonb(new) - '{retired_at,retired_by,token_sha256,token_hint}'::text[]) IS DISTINCT FROM (to_jsonb(old) - '{retired_at,retired_by,token_sha256,token_hint}'::text[])
      OR new.token_sha256 IS NOT NULL
    THEN
      PERFORM gate.refuse('G27', 'a responder is retired, once, and never changed');
    END IF;
    RETURN new;
  END IF;
  PERFORM pg_advisory_xact_lock(x'63676e37'::bigint);
  new.at := clock_timestamp();
  IF EXISTS (SELECT FROM public.responder r WHERE r.retired_at IS NULL AND r.actions && new.actions) THEN
    PERFORM gate.refuse('G27', 'another responder serves one of these actions');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_responder BEFORE INSERT OR UPDATE ON public.responder FOR EACH ROW EXECUTE FUNCTION gate.check_responder();
ALTER TABLE public.responder ENABLE ALWAYS TRIGGER check_responder;

-- Adds a responder, or the next version of one that it replaces. `p_keep_token`: the one before hands its token on.
-- p_person null: the installation itself, by its owner alone. Returns the version.
CREATE FUNCTION gate.configure_responder(p_id uuid, p_person uuid, p_name text, p_kind text, p_settings jsonb, p_actions text[],
  p_credentials bytea, p_credentials_hint text, p_token_sha256 bytea, p_token_hint text, p_replaces uuid DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  o public.responder;
  v_version int;
  v_token bytea := p_token_sha256;
  v_hint text := p_token_hint;
BEGIN
  IF p_person IS NOT NULL OR session_user = 'countersign_web' THEN PERFORM gate.require_admin(p_person); END IF;
  IF p_replaces IS NOT NULL THEN
    SELECT * INTO o FROM public.responder WHERE id = p_replaces FOR UPDATE;
    IF o.id IS NULL OR o.retired_at IS NOT NULL OR (o.name, o.kind) IS DISTINCT FROM (p_name, p_kind) THEN
      PERFORM gate.refuse('G27', 'a version follows the one in force, of its name and kind');
    END IF;
    IF v_token IS NULL THEN v_token := o.token_sha256; v_hint := o.token_hint; END IF;
    UPDATE public.responder SET retired_at = clock_timestamp(), retired_by = p_person, token_sha256 = NULL, token_hint = NULL WHERE id = o.id;
  END IF;
  v_version := 1 + coalesce((SELECT max(version) FROM public.responder WHERE name = p_name), 0);
  INSERT INTO public.responder (id, name, version, kind, settings, actions, credentials_sealed, credentials_hint, token_sha256, token_hint, by_id)
    VALUES (p_id, p_name, v_version, p_kind, p_settings, p_actions, p_credentials, p_credentials_hint, v_token, v_hint, p_person);
  PERFORM trail.write('responder.configured', coalesce('person:' || p_person, 'system:owner'), null, trail.canonical(jsonb_build_object(
    'responder', p_id, 'name', p_name, 'version', v_version, 'kind', p_kind, 'settings', p_settings, 'actions', to_jsonb(p_actions),
    'credentialsSha256', encode(sha256(p_credentials), 'hex'), 'tokenHint', v_hint, 'replaces', p_replaces)));
  RETURN v_version;
END $$;

-- Ends a responder: nothing more is asked of it, and its token opens nothing.
CREATE FUNCTION gate.retire_responder(p_id uuid, p_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r public.responder;
BEGIN
  PERFORM gate.require_admin(p_person);
  UPDATE public.responder SET retired_at = clock_timestamp(), retired_by = p_person, token_sha256 = NULL, token_hint = NULL
    WHERE id = p_id AND retired_at IS NULL RETURNING * INTO r;
  IF r.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such responder in force'); END IF;
  PERFORM trail.write('responder.retired', 'person:' || p_person, null,
    trail.canonical(jsonb_build_object('responder', r.id, 'name', r.name, 'version', r.version, 'kind', r.kind)));
END $$;

-- A run and the work on it are written together, when its decision takes effect. An action that takes back names the
-- run it takes back, in what was signed.
CREATE FUNCTION gate.plan_response() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_undo uuid;
BEGIN
  SELECT * INTO STRICT d FROM public.decision WHERE id = new.decision_id;
  SELECT (a ->> 'undoOf')::uuid INTO v_undo
    FROM jsonb_array_elements(CASE jsonb_typeof(d.content -> 'actions') WHEN 'array' THEN d.content -> 'actions' ELSE '[]' END) AS a
    WHERE a ->> 'action' = new.action AND a ->> 'target' = new.target AND a ? 'undoOf' LIMIT 1;
  IF v_undo IS NOT NULL AND NOT EXISTS (SELECT FROM public.response_run r JOIN public.decision o ON o.id = r.decision_id
    JOIN public.response_task t ON t.run_id = r.id
    WHERE r.id = v_undo AND o.incident_id = d.incident_id AND r.action = new.action AND r.target = new.target
      AND t.undo_of IS NULL AND t.dispatched IS NOT NULL)
  THEN
    PERFORM gate.refuse('G27', 'what is taken back was not sent from here for this incident');
  END IF;
  INSERT INTO public.response_task (run_id, undo_of, next_at) VALUES (new.id, v_undo, clock_timestamp());
  INSERT INTO public.outbox (kind, incident_id) VALUES ('response.planned', d.incident_id);
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
  IF d.id IS NULL OR d.state <> 'in_effect' THEN PERFORM gate.refuse('G10', 'no decision in effect asks for this response'); END IF;
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
  IF v_number > 10 OR (v_number = 1 AND t.created_at < clock_timestamp() - interval '60 minutes') THEN
    PERFORM gate.refuse('G27', 'too many attempts, or too late');
  END IF;
  INSERT INTO public.response_attempt (run_id, number, key, responder_id, started_at)
    VALUES (p_run, v_number, 'run-' || p_run, p_responder, clock_timestamp());
  UPDATE public.response_task SET responder_id = p_responder WHERE run_id = p_run;
  PERFORM trail.write('response.attempted', 'system:responder', d.incident_id, trail.canonical(jsonb_build_object('run', p_run, 'decision', d.id,
    'action', r.action, 'target', r.target, 'attempt', v_number, 'undoOf', t.undo_of, 'responder', p_responder)));
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
    SELECT 'response.planned', d.incident_id FROM public.response_run r JOIN public.decision d ON d.id = r.decision_id WHERE r.id = p_run;
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

SELECT gate.record_guards();
