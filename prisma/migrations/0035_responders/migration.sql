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

SELECT gate.record_guards();
