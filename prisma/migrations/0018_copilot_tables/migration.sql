-- The copilot's tables: which models there are and which one is in force, what was asked of it, what came back piece
-- by piece, and what it may cost. Their rules stand in the three migrations after this one.

CREATE TABLE public.model_config (
  id uuid NOT NULL,
  name text NOT NULL CONSTRAINT model_config_name CHECK (name ~ '^[^[:cntrl:]]{1,80}$'),
  version integer NOT NULL CONSTRAINT model_config_version CHECK (version >= 1),
  provider text NOT NULL CONSTRAINT model_config_provider CHECK (provider IN ('anthropic', 'compatible')),
  model text NOT NULL CONSTRAINT model_config_model CHECK (model ~ '^[^[:cntrl:]]{1,200}$'),
  base_url text CONSTRAINT model_config_base_url CHECK (base_url ~ '^https?://[^[:cntrl:][:space:]]+$' AND length(base_url) <= 500),
  is_local boolean NOT NULL,
  profile jsonb NOT NULL,
  sha256 bytea NOT NULL CONSTRAINT model_config_sha256 CHECK (octet_length(sha256) = 32),
  key_sealed bytea,
  key_hint text CONSTRAINT model_config_key_hint CHECK (octet_length(key_hint) BETWEEN 1 AND 16),
  by_id uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT model_config_pkey PRIMARY KEY (id),
  CONSTRAINT model_config_by_id_fkey FOREIGN KEY (by_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT model_config_address CHECK (provider = 'anthropic' OR base_url IS NOT NULL),
  CONSTRAINT model_config_accepts CHECK ((profile ->> 'accepts') IS NOT NULL AND ((profile ->> 'accepts') <> 'red' OR is_local)),
  CONSTRAINT model_config_concurrency CHECK (jsonb_typeof(profile -> 'concurrency') IS NOT DISTINCT FROM 'number' AND (profile ->> 'concurrency')::numeric >= 1)
);
CREATE UNIQUE INDEX model_config_name_version_key ON public.model_config (name, version);

CREATE TABLE public.evaluation (
  id uuid NOT NULL,
  config_id uuid NOT NULL,
  prompts jsonb NOT NULL CONSTRAINT evaluation_prompts CHECK (jsonb_typeof(prompts) = 'object' AND prompts <> '{}'),
  suite text NOT NULL,
  state text NOT NULL DEFAULT 'queued' CONSTRAINT evaluation_state CHECK (state IN ('queued', 'running', 'finished', 'failed')),
  by_id uuid,
  cases integer NOT NULL DEFAULT 0,
  cases_done integer NOT NULL DEFAULT 0,
  scores jsonb,
  error text,
  started_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  finished_at timestamptz(6),
  CONSTRAINT evaluation_pkey PRIMARY KEY (id),
  CONSTRAINT evaluation_config_id_fkey FOREIGN KEY (config_id) REFERENCES public.model_config (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT evaluation_by_id_fkey FOREIGN KEY (by_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT evaluation_cases CHECK (cases_done BETWEEN 0 AND cases),
  CONSTRAINT evaluation_ended CHECK ((state IN ('finished', 'failed')) = (finished_at IS NOT NULL)),
  CONSTRAINT evaluation_whole CHECK (state <> 'finished' OR (scores IS NOT NULL AND cases > 0 AND cases_done = cases)),
  CONSTRAINT evaluation_error CHECK (state <> 'failed' OR error IS NOT NULL)
);
CREATE INDEX evaluation_config_id_started_at_idx ON public.evaluation (config_id, started_at DESC);

CREATE TABLE public.model_activation (
  id uuid NOT NULL,
  number bigserial NOT NULL,
  config_id uuid,
  prompts jsonb,
  evaluation_id uuid,
  person_id uuid NOT NULL,
  statement text NOT NULL,
  statement_sha256 bytea NOT NULL CONSTRAINT model_activation_digest CHECK (statement_sha256 = sha256(convert_to(statement, 'UTF8'))),
  proof bytea,
  reason text NOT NULL CONSTRAINT model_activation_reason CHECK (length(reason) BETWEEN 1 AND 1000),
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT model_activation_pkey PRIMARY KEY (id),
  CONSTRAINT model_activation_config_id_fkey FOREIGN KEY (config_id) REFERENCES public.model_config (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT model_activation_evaluation_id_fkey FOREIGN KEY (evaluation_id) REFERENCES public.evaluation (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT model_activation_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  -- switched on: all of it; switched off: none
  CONSTRAINT model_activation_whole CHECK (num_nonnulls(config_id, prompts, evaluation_id, proof) IN (0, 4))
);
CREATE UNIQUE INDEX model_activation_number_key ON public.model_activation (number);
CREATE UNIQUE INDEX model_activation_proof_once ON public.model_activation (proof);

-- The one act that counts; no row or no config: the model is off.
CREATE VIEW public.model_in_force AS
  SELECT id, number, config_id, prompts, evaluation_id, person_id, reason, at
  FROM public.model_activation ORDER BY number DESC LIMIT 1;

-- What another worker left half done when the tables were smaller: it was never charged, and nobody goes on with it.
UPDATE public.model_run SET state = 'failed', error = 'The worker stopped before the answer was stored.', finished_at = clock_timestamp()
  WHERE state IN ('queued', 'streaming');

ALTER TABLE public.model_run
  ALTER COLUMN incident_id DROP NOT NULL,
  ALTER COLUMN prompt_version_id DROP NOT NULL,
  ALTER COLUMN request DROP NOT NULL,
  ALTER COLUMN request_sha256 DROP NOT NULL,
  ADD COLUMN kind text NOT NULL DEFAULT 'summary',
  ADD COLUMN config_id uuid,
  ADD COLUMN asked_by uuid,
  ADD COLUMN question text,
  ADD COLUMN repair_of uuid,
  ADD COLUMN evaluation_id uuid,
  ADD COLUMN priority integer NOT NULL DEFAULT 0,
  ADD COLUMN attempt integer NOT NULL DEFAULT 1,
  ADD COLUMN not_before timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN queued_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN heartbeat_at timestamptz(6),
  ADD COLUMN worker text,
  ADD COLUMN waits_for text,
  ADD COLUMN params jsonb,
  ADD COLUMN model_answered text,
  ADD COLUMN cost_micro bigint,
  ADD COLUMN reserved_micro bigint,
  ADD COLUMN budget_day date,
  ADD COLUMN latency_ms integer,
  ADD COLUMN first_claim_ms integer,
  ADD COLUMN redaction_sealed bytea,
  ADD COLUMN redactions jsonb,
  ADD COLUMN canary_result text,
  ADD COLUMN verifier text,
  ADD COLUMN evidence_count integer,
  ADD COLUMN left_out jsonb,
  ADD COLUMN fault text,
  ADD COLUMN fence text,
  ADD COLUMN canary text,
  ADD COLUMN stop_asked_by uuid,
  ADD COLUMN stop_asked_at timestamptz(6),
  ADD CONSTRAINT model_run_config_id_fkey FOREIGN KEY (config_id) REFERENCES public.model_config (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT model_run_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT model_run_repair_of_fkey FOREIGN KEY (repair_of) REFERENCES public.model_run (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT model_run_evaluation_id_fkey FOREIGN KEY (evaluation_id) REFERENCES public.evaluation (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT model_run_stop_asked_by_fkey FOREIGN KEY (stop_asked_by) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE public.run_event (
  run_id uuid NOT NULL,
  seq integer NOT NULL CONSTRAINT run_event_seq CHECK (seq >= 1),
  kind text NOT NULL CONSTRAINT run_event_kind CHECK (kind IN ('started', 'claim', 'notice', 'done')),
  data jsonb NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT run_event_pkey PRIMARY KEY (run_id, seq),
  CONSTRAINT run_event_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.model_run (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX run_event_one_done ON public.run_event (run_id) WHERE kind = 'done';

CREATE TABLE public.budget_limit (
  id uuid NOT NULL,
  number bigserial NOT NULL,
  run_micro bigint NOT NULL,
  incident_micro bigint NOT NULL,
  day_micro bigint NOT NULL,
  all_micro bigint NOT NULL,
  by_id uuid,
  reason text NOT NULL CONSTRAINT budget_limit_reason CHECK (length(reason) BETWEEN 1 AND 1000),
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT budget_limit_pkey PRIMARY KEY (id),
  CONSTRAINT budget_limit_by_id_fkey FOREIGN KEY (by_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT budget_limit_bounds CHECK (least(run_micro, incident_micro, day_micro, all_micro) >= 0
    AND greatest(run_micro, incident_micro, day_micro, all_micro) <= 1000000000000000)
);
CREATE UNIQUE INDEX budget_limit_number_key ON public.budget_limit (number);

-- What is spent and held back: of one incident, of one day (UTC), of everything.
CREATE TABLE public.model_budget (
  scope text NOT NULL CONSTRAINT model_budget_scope CHECK (scope IN ('incident', 'day', 'all')),
  key text NOT NULL,
  limit_micro bigint NOT NULL,
  spent_micro bigint NOT NULL DEFAULT 0 CONSTRAINT model_budget_spent CHECK (spent_micro >= 0),
  reserved_micro bigint NOT NULL DEFAULT 0 CONSTRAINT model_budget_reserved CHECK (reserved_micro >= 0),
  over_micro bigint NOT NULL DEFAULT 0 CONSTRAINT model_budget_over CHECK (over_micro >= 0),
  CONSTRAINT model_budget_pkey PRIMARY KEY (scope, key),
  CONSTRAINT model_budget_holds CHECK (spent_micro + reserved_micro <= limit_micro)
);

CREATE TABLE public.model_breaker (
  config_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'closed' CONSTRAINT model_breaker_state CHECK (state IN ('closed', 'open', 'half_open')),
  opened_at timestamptz(6),
  closed_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  retry_at timestamptz(6),
  wait_seconds integer NOT NULL DEFAULT 0,
  reason text,
  probe_run uuid,
  CONSTRAINT model_breaker_pkey PRIMARY KEY (config_id),
  CONSTRAINT model_breaker_config_id_fkey FOREIGN KEY (config_id) REFERENCES public.model_config (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT model_breaker_open CHECK (state = 'closed' OR num_nonnulls(opened_at, retry_at, reason) = 3)
);

ALTER TABLE public.note
  ADD COLUMN kind text NOT NULL DEFAULT 'note' CONSTRAINT note_kind CHECK (kind IN ('note', 'handover', 'message')),
  ADD COLUMN draft_run_id uuid,
  ADD CONSTRAINT note_draft_run_id_fkey FOREIGN KEY (draft_run_id) REFERENCES public.model_run (id) ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX note_draft_run_id_idx ON public.note (draft_run_id);

-- How much of a record reads like orders to a model: found at ingest.
ALTER TABLE public.evidence_item
  ADD COLUMN instruction_like smallint NOT NULL DEFAULT 0 CONSTRAINT evidence_instruction_like CHECK (instruction_like >= 0);
CREATE INDEX evidence_item_instruction_like_idx ON public.evidence_item (incident_id) WHERE instruction_like > 0;

GRANT SELECT ON public.evaluation, public.model_activation, public.model_in_force, public.run_event, public.budget_limit,
  public.model_budget, public.model_breaker TO countersign_web, countersign_worker, countersign_auditor;
-- A sealed key is for the worker alone, which alone can open it.
GRANT SELECT ON public.model_config TO countersign_worker;
GRANT SELECT (id, name, version, provider, model, base_url, is_local, profile, sha256, key_hint, by_id, created_at)
  ON public.model_config TO countersign_web, countersign_auditor;

SELECT gate.record_guards();
