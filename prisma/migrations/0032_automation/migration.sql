-- Graduated automation (docs/decisions/028): what may run by itself, and how it is taken back. Rules are signed data; each
-- act is judged here, over the facts as they stand; whatever is stopped or doubtful goes to people.

-- One published set of rules. It is in force when enough admins have signed it; the first is the migration's.
CREATE TABLE public.automation_version (
  version integer NOT NULL CONSTRAINT automation_version_number CHECK (version >= 1),
  previous integer,
  -- the share of claims that do not hold, in per cent, above which an incident is stopped
  doubt_percent integer NOT NULL CONSTRAINT automation_version_doubt CHECK (doubt_percent BETWEEN 0 AND 50),
  statement text NOT NULL,
  statement_sha256 bytea NOT NULL,
  reason text NOT NULL CONSTRAINT automation_version_reason CHECK (length(reason) BETWEEN 1 AND 1000),
  person_id uuid,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT automation_version_pkey PRIMARY KEY (version),
  CONSTRAINT automation_version_previous_fkey FOREIGN KEY (previous) REFERENCES public.automation_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_version_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_version_first CHECK ((version = 1) = (person_id IS NULL) AND (version = 1) = (previous IS NULL)),
  CONSTRAINT automation_version_digest CHECK (statement_sha256 = sha256(convert_to(statement, 'UTF8')))
);

-- What may run by itself. Several systems, external access, accounts and every kind of decision cannot be written here.
CREATE TABLE public.automation_rule (
  version integer NOT NULL,
  number integer NOT NULL,
  action text NOT NULL,
  blast_radius text NOT NULL,
  -- null fits every incident; a list that is empty would fit none
  severities text[],
  incident_types text[],
  min_confidence integer NOT NULL,
  min_sources integer NOT NULL,
  max_per_hour integer NOT NULL,
  max_per_incident integer NOT NULL,
  CONSTRAINT automation_rule_pkey PRIMARY KEY (version, number),
  CONSTRAINT automation_rule_version_fkey FOREIGN KEY (version) REFERENCES public.automation_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_rule_reach CHECK ((action, blast_radius) IN (('collect_artifacts', 'collection'), ('isolate_host', 'one_endpoint'))),
  CONSTRAINT automation_rule_situation CHECK (number BETWEEN 1 AND 20
    AND cardinality(severities) > 0 AND severities <@ '{informational,low,medium,high,critical}'
    AND cardinality(incident_types) > 0 AND incident_types <@ gate.incident_type_names()),
  CONSTRAINT automation_rule_bounds CHECK (min_confidence BETWEEN 0 AND 100 AND min_sources BETWEEN 1 AND 10
    AND max_per_hour BETWEEN 1 AND CASE blast_radius WHEN 'collection' THEN 600 ELSE 10 END
    AND max_per_incident BETWEEN 1 AND CASE blast_radius WHEN 'collection' THEN 20 ELSE 1 END)
);

CREATE TABLE public.automation_signature (
  version integer NOT NULL,
  person_id uuid NOT NULL,
  statement_sha256 bytea NOT NULL,
  proof bytea NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT automation_signature_pkey PRIMARY KEY (version, person_id),
  CONSTRAINT automation_signature_version_fkey FOREIGN KEY (version) REFERENCES public.automation_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_signature_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX automation_signature_proof_once ON public.automation_signature (proof);

-- The newest version that enough admins signed: two when anything may be isolated, else one.
CREATE VIEW public.automation_in_force AS
  SELECT v.version, v.doubt_percent, v.statement, v.statement_sha256, v.reason, v.person_id, v.at
  FROM public.automation_version v
  WHERE v.person_id IS NULL OR (SELECT count(*) FROM public.automation_signature s WHERE s.version = v.version)
    >= (SELECT 1 + count(*) FILTER (WHERE blast_radius <> 'collection') FROM (SELECT DISTINCT r.blast_radius FROM public.automation_rule r WHERE r.version = v.version) AS reach)
  ORDER BY v.version DESC LIMIT 1;

-- Taking autonomy back: everywhere, for a type of incident, for one incident. By a person, or by itself (no person).
CREATE TABLE public.automation_stop (
  id uuid NOT NULL,
  scope text NOT NULL,
  incident_type text,
  incident_id uuid,
  reason text NOT NULL CONSTRAINT automation_stop_reason CHECK (length(reason) BETWEEN 1 AND 1000),
  values jsonb NOT NULL DEFAULT '{}',
  person_id uuid,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT automation_stop_pkey PRIMARY KEY (id),
  CONSTRAINT automation_stop_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_stop_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_stop_scope CHECK (
    (scope = 'global' AND num_nonnulls(incident_type, incident_id) = 0)
    OR (scope = 'incident_type' AND incident_id IS NULL AND ARRAY[incident_type] <@ gate.incident_type_names())
    OR (scope = 'incident' AND incident_type IS NULL AND incident_id IS NOT NULL)),
  CONSTRAINT automation_stop_by_itself CHECK (person_id IS NOT NULL OR scope = 'incident')
);
CREATE INDEX automation_stop_at_id_idx ON public.automation_stop (at DESC, id DESC);
CREATE INDEX automation_stop_incident_id_idx ON public.automation_stop (incident_id) WHERE incident_id IS NOT NULL;

CREATE TABLE public.automation_lift (
  stop_id uuid NOT NULL,
  person_id uuid NOT NULL,
  reason text NOT NULL CONSTRAINT automation_lift_reason CHECK (length(reason) BETWEEN 1 AND 1000),
  statement text NOT NULL,
  statement_sha256 bytea NOT NULL,
  proof bytea NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT automation_lift_pkey PRIMARY KEY (stop_id),
  CONSTRAINT automation_lift_stop_id_fkey FOREIGN KEY (stop_id) REFERENCES public.automation_stop (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_lift_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_lift_digest CHECK (statement_sha256 = sha256(convert_to(statement, 'UTF8')))
);
CREATE UNIQUE INDEX automation_lift_proof_once ON public.automation_lift (proof);
CREATE INDEX automation_lift_at_id_idx ON public.automation_lift (at DESC, stop_id DESC);

-- The stops that count.
CREATE VIEW public.automation_stopped AS
  SELECT s.id, s.scope, s.incident_type, s.incident_id, s.reason, s.values, s.person_id, s.at
  FROM public.automation_stop s WHERE NOT EXISTS (SELECT FROM public.automation_lift l WHERE l.stop_id = s.id);

CREATE TABLE public.automatic_act (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  action text NOT NULL,
  target text NOT NULL CONSTRAINT automatic_act_target CHECK (target <> '' AND target = lower(btrim(target))),
  rule_version integer NOT NULL,
  rule_number integer NOT NULL,
  values jsonb NOT NULL,
  values_sha256 bytea NOT NULL,
  incident_version bigint NOT NULL,
  evidence_root bytea NOT NULL,
  decided_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT automatic_act_pkey PRIMARY KEY (id),
  CONSTRAINT automatic_act_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automatic_act_rule_fkey FOREIGN KEY (rule_version, rule_number) REFERENCES public.automation_rule (version, number) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automatic_act_reach CHECK (action IN ('collect_artifacts', 'isolate_host')),
  CONSTRAINT automatic_act_digest CHECK (values_sha256 = sha256(convert_to(trail.canonical(values), 'UTF8')))
);
CREATE UNIQUE INDEX automatic_act_incident_id_action_target_key ON public.automatic_act (incident_id, action, target);
CREATE INDEX automatic_act_action_decided_at_idx ON public.automatic_act (action, decided_at);
CREATE INDEX automatic_act_decided_at_id_idx ON public.automatic_act (decided_at DESC, id DESC);

-- What a rule looked at and did not let run, once for each reason.
CREATE TABLE public.automation_refusal (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  code text NOT NULL,
  reasons jsonb NOT NULL,
  values jsonb NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT automation_refusal_pkey PRIMARY KEY (id),
  CONSTRAINT automation_refusal_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX automation_refusal_once ON public.automation_refusal (incident_id, action, target, code);
CREATE INDEX automation_refusal_at_id_idx ON public.automation_refusal (at DESC, id DESC);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['automation_version', 'automation_rule', 'automation_signature', 'automation_stop', 'automation_lift', 'automatic_act', 'automation_refusal'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER append_only', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_truncate', name);
  END LOOP;
END $$;

-- A response is of a signed decision or of an automatic act, never of neither.
ALTER TABLE public.response_run
  ALTER COLUMN decision_id DROP NOT NULL,
  ADD COLUMN automatic_act_id uuid,
  ADD CONSTRAINT response_run_automatic_act_id_fkey FOREIGN KEY (automatic_act_id) REFERENCES public.automatic_act (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT response_run_of CHECK (num_nonnulls(decision_id, automatic_act_id) = 1);
CREATE UNIQUE INDEX response_run_automatic_act_id_key ON public.response_run (automatic_act_id);

SELECT gate.record_guards();
