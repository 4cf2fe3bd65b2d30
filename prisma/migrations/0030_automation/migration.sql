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

CREATE OR REPLACE FUNCTION gate.place_response() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.automatic_act_id IS NULL THEN
    new.incident_id := (SELECT incident_id FROM public.decision WHERE id = new.decision_id);
    RETURN new;
  END IF;
  SELECT a.incident_id INTO new.incident_id FROM public.automatic_act a
    WHERE a.id = new.automatic_act_id AND (a.action, a.target) = (new.action, new.target);
  IF new.incident_id IS NULL THEN PERFORM gate.refuse('G35', 'the response is not what its act decided'); END IF;
  RETURN new;
END $$;

-- As before; an automatic act's response is told in the same words.
CREATE OR REPLACE FUNCTION gate.record_response(p_run uuid, p_person uuid, p_outcome text, p_detail text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r public.response_run;
BEGIN
  IF p_person IS NOT NULL OR session_user = 'countersign_web' THEN PERFORM gate.require_worker_of_desk(p_person); END IF;
  UPDATE public.response_run SET outcome = p_outcome, detail = p_detail, at = clock_timestamp() WHERE id = p_run RETURNING * INTO r;
  IF r.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such response'); END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', r.incident_id);
  PERFORM trail.write('response.' || CASE p_outcome WHEN 'unknown' THEN 'recorded' ELSE p_outcome END,
    CASE WHEN p_person IS NULL THEN 'system:responder' ELSE 'person:' || p_person END, r.incident_id,
    trail.canonical(jsonb_build_object('run', r.id, 'action', r.action, 'target', r.target, 'outcome', r.outcome, 'detail', r.detail)
      || CASE WHEN r.decision_id IS NULL THEN jsonb_build_object('act', r.automatic_act_id) ELSE jsonb_build_object('decision', r.decision_id) END));
END $$;

-- The system a record was observed on, as a sensor named it; null when that is not one.
CREATE FUNCTION gate.automation_host(p_fields jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE jsonb_typeof(p_fields -> 'host') WHEN 'string' THEN nullif(lower(btrim(p_fields ->> 'host')), '') END
$$;

-- The systems that an incident's alerts name, those of most alerts first.
CREATE FUNCTION gate.automation_targets(p_incident uuid) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT host FROM (SELECT gate.automation_host(e.fields) AS host FROM public.evidence_item e WHERE e.incident_id = p_incident AND e.kind = 'alert') AS named
  WHERE host IS NOT NULL GROUP BY host ORDER BY count(*) DESC, host LIMIT 20
$$;

-- What makes an incident doubtful: records that read like orders to a reader, and the larger share of claims that do
-- not hold, of the rules' or the model's newest summary. A model's words can only take autonomy away.
CREATE FUNCTION gate.automation_doubt(p_incident uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH orders AS (
    SELECT e.position, s.name FROM public.evidence_item e JOIN public.source s ON s.id = e.source_id
    WHERE e.incident_id = p_incident AND e.instruction_like > 0
  ), newest AS (
    SELECT DISTINCT ON (origin) id, origin, version FROM public.summary WHERE incident_id = p_incident ORDER BY origin, version DESC
  ), worst AS (
    SELECT n.origin, n.version, count(*)::int AS claims, count(*) FILTER (WHERE c.standing IN ('unsupported', 'contradicted'))::int AS failing
    FROM newest n JOIN public.claim_in_force c ON c.summary_id = n.id GROUP BY n.origin, n.version
    ORDER BY count(*) FILTER (WHERE c.standing IN ('unsupported', 'contradicted')) * 100 / count(*) DESC, n.origin LIMIT 1
  )
  SELECT jsonb_build_object('instructions', (SELECT count(*) FROM orders),
    'records', (SELECT coalesce(jsonb_agg('E' || position ORDER BY position), '[]') FROM (SELECT position FROM orders ORDER BY position LIMIT 10) AS first),
    'writers', (SELECT coalesce(jsonb_agg(DISTINCT name), '[]') FROM orders),
    'summary', (SELECT origin || '/' || version FROM worst),
    'claims', coalesce((SELECT claims FROM worst), 0), 'failing', coalesce((SELECT failing FROM worst), 0),
    'percent', coalesce((SELECT failing * 100 / claims FROM worst), 0))
$$;

-- Everything that an act rests on: of the incident, of the system in it, of what ran before. No rule is asked here.
CREATE FUNCTION gate.automation_facts(p_incident uuid, p_action text, p_target text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS (
    SELECT e.id, e.kind, e.severity, e.source_id FROM public.evidence_item e
    WHERE e.incident_id = p_incident AND gate.automation_host(e.fields) = p_target
  ), alerts AS (
    SELECT * FROM named WHERE kind = 'alert'
  ), summary AS (
    SELECT * FROM public.summary WHERE incident_id = p_incident AND origin = 'rules' ORDER BY version DESC LIMIT 1
  ), about AS (
    SELECT c.standing FROM public.claim_in_force c
    WHERE c.summary_id = (SELECT id FROM summary) AND EXISTS (SELECT FROM public.citation t JOIN named n ON n.id = t.evidence_id WHERE t.claim_id = c.id)
  )
  SELECT jsonb_build_object('incident', i.id, 'number', i.number, 'incidentVersion', i.version, 'evidenceRoot', encode(i.evidence_root, 'hex'),
    'severity', i.severity, 'status', i.status, 'merged', i.merged_into_id IS NOT NULL, 'counted', gate.evidence_is_counted(i),
    'types', to_jsonb(gate.incident_types(i.id)), 'action', p_action, 'target', p_target,
    'blastRadius', gate.blast_radius(jsonb_build_object('actions', jsonb_build_array(jsonb_build_object('action', p_action, 'target', p_target)))),
    'alerts', (SELECT count(*) FROM alerts), 'sources', (SELECT count(DISTINCT source_id) FROM alerts),
    'alertSeverity', (SELECT severity FROM alerts WHERE severity IS NOT NULL
      ORDER BY array_position('{informational,low,medium,high,critical}'::text[], severity) DESC NULLS LAST LIMIT 1),
    'summary', (SELECT version FROM summary), 'summaryCurrent', coalesce((SELECT evidence_root = i.evidence_root FROM summary), false),
    'claims', (SELECT count(*) FROM about), 'supported', (SELECT count(*) FROM about WHERE standing = 'supported'),
    'contradicted', (SELECT count(*) FROM about WHERE standing = 'contradicted'), 'doubt', gate.automation_doubt(i.id),
    'stops', (SELECT coalesce(jsonb_agg(s.id ORDER BY s.at, s.id), '[]') FROM public.automation_stopped s
      WHERE s.scope = 'global' OR s.incident_id = i.id OR s.incident_type = ANY (gate.incident_types(i.id))),
    'done', EXISTS (SELECT FROM public.automatic_act a WHERE (a.incident_id, a.action, a.target) = (i.id, p_action, p_target)),
    'inHand', EXISTS (SELECT FROM public.decision d, jsonb_array_elements(CASE d.kind WHEN 'containment' THEN d.content -> 'actions' ELSE '[]' END) AS x
      WHERE d.incident_id = i.id AND d.state IN ('proposed', 'in_effect', 'rejected') AND x ->> 'action' = p_action AND lower(btrim(x ->> 'target')) = p_target),
    'inIncident', (SELECT count(*) FROM public.automatic_act a WHERE a.incident_id = i.id AND a.action = p_action),
    'lastHour', (SELECT count(*) FROM public.automatic_act a WHERE a.action = p_action AND a.decided_at > clock_timestamp() - interval '1 hour'))
  FROM public.incident i WHERE i.id = p_incident
$$;

-- How sure code is of the target, 0 to 100, from whole numbers alone and never by a model's word:
--   up to 40: the share of claims of the rules' summary over records of the target that match the evidence
--   up to 30: the worst alert that names the target (critical 30, high 20, medium 10, low 5)
--   up to 30: the sources whose alerts name it (one 10, two 20, three or more 30)
-- A claim about the target that conflicts with the evidence takes all of it away.
CREATE FUNCTION gate.automation_confidence(f jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('claims', claims, 'severity', severity, 'sources', sources,
    'total', CASE WHEN (f ->> 'contradicted')::int > 0 THEN 0 ELSE claims + severity + sources END)
  FROM (SELECT CASE WHEN (f ->> 'claims')::int = 0 THEN 0 ELSE 40 * (f ->> 'supported')::int / (f ->> 'claims')::int END AS claims,
    CASE f ->> 'alertSeverity' WHEN 'critical' THEN 30 WHEN 'high' THEN 20 WHEN 'medium' THEN 10 WHEN 'low' THEN 5 ELSE 0 END AS severity,
    10 * least((f ->> 'sources')::int, 3) AS sources) AS parts
$$;

CREATE FUNCTION gate.automation_rule_fits(r public.automation_rule, f jsonb, p_confidence int) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.action = f ->> 'action' AND r.blast_radius = f ->> 'blastRadius'
    AND (r.severities IS NULL OR f ->> 'severity' = ANY (r.severities))
    AND (r.incident_types IS NULL OR EXISTS (SELECT FROM jsonb_array_elements_text(f -> 'types') AS t WHERE t = ANY (r.incident_types)))
    AND p_confidence >= r.min_confidence AND (f ->> 'sources')::int >= r.min_sources
$$;

CREATE FUNCTION gate.automation_rule_words(r public.automation_rule) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('number', r.number, 'action', r.action, 'blastRadius', r.blast_radius, 'severities', to_jsonb(r.severities),
    'incidentTypes', to_jsonb(r.incident_types), 'minConfidence', r.min_confidence, 'minSources', r.min_sources,
    'maxPerHour', r.max_per_hour, 'maxPerIncident', r.max_per_incident)
$$;

-- What is signed: a version with its rules, word for word, and the one it follows.
CREATE FUNCTION gate.automation_statement(p_version int, p_previous int, p_doubt int, p_reason text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'publish_automation', 'version', p_version, 'previous', p_previous, 'doubtPercent', p_doubt,
    'reason', p_reason, 'v', 1, 'rules', (SELECT coalesce(jsonb_agg(gate.automation_rule_words(r) ORDER BY r.number), '[]')
      FROM public.automation_rule r WHERE r.version = p_version)))
$$;

-- Is the incident doubtful beyond the limit, and beyond what a person saw who lifted an earlier stop of it?
CREATE FUNCTION gate.is_doubtful(p_incident uuid, p_doubt jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (p_doubt ->> 'instructions')::int > seen.instructions OR (p_doubt ->> 'percent')::int > greatest(seen.percent, (SELECT doubt_percent FROM public.automation_in_force))
  FROM (SELECT coalesce(max((s.values ->> 'instructions')::int), 0) AS instructions, coalesce(max((s.values ->> 'percent')::int), 0) AS percent
    FROM public.automation_stop s JOIN public.automation_lift l ON l.stop_id = s.id
    WHERE s.incident_id = p_incident AND s.person_id IS NULL) AS seen
$$;

-- May this run by itself now? Every value that counts, the rule that fits, and every reason against it; none: it may.
CREATE FUNCTION gate.judge_automation(p_incident uuid, p_action text, p_target text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_target text := lower(btrim(coalesce(p_target, '')));
  f jsonb := gate.automation_facts(p_incident, p_action, v_target);
  c jsonb := gate.automation_confidence(f);
  v public.automation_in_force;
  r public.automation_rule;
  reasons jsonb[] := '{}';
BEGIN
  IF f IS NULL THEN RETURN jsonb_build_object('values', '{}'::jsonb, 'reasons', jsonb_build_array(gate.reason('G31', 'there is no such incident'))); END IF;
  SELECT * INTO v FROM public.automation_in_force;
  IF f ->> 'blastRadius' NOT IN ('collection', 'one_endpoint') THEN
    reasons := reasons || gate.reason('G30', 'nothing that reaches so far runs by itself');
  END IF;
  IF (f ->> 'status') = 'closed' OR (f ->> 'merged')::boolean THEN reasons := reasons || gate.reason('G31', 'the incident is closed'); END IF;
  IF (f ->> 'alerts')::int = 0 THEN reasons := reasons || gate.reason('G31', 'no alert of the incident names this system'); END IF;
  IF NOT (f ->> 'summaryCurrent')::boolean OR NOT (f ->> 'counted')::boolean THEN
    reasons := reasons || gate.reason('G31', 'no summary by rules covers the evidence as it stands');
  END IF;
  IF v.statement = (SELECT gate.automation_statement(a.version, a.previous, a.doubt_percent, a.reason) FROM public.automation_version a WHERE a.version = v.version) THEN
    SELECT * INTO r FROM public.automation_rule a WHERE a.version = v.version AND gate.automation_rule_fits(a, f, (c ->> 'total')::int) ORDER BY a.number LIMIT 1;
  END IF;
  IF r.version IS NULL THEN reasons := reasons || gate.reason('G30', 'no rule in force lets this run by itself'); END IF;
  IF (f ->> 'done')::boolean THEN reasons := reasons || gate.reason('G32', 'this ran already'); END IF;
  IF (f ->> 'inHand')::boolean THEN reasons := reasons || gate.reason('G32', 'people have it in hand'); END IF;
  IF (f ->> 'inIncident')::int >= r.max_per_incident THEN
    reasons := reasons || gate.reason('G31', 'this incident has as many as its rule allows: more than one system is for people');
  END IF;
  IF jsonb_array_length(f -> 'stops') > 0 THEN reasons := reasons || gate.reason('G33', 'automation is stopped here'); END IF;
  IF gate.is_doubtful(p_incident, f -> 'doubt') THEN reasons := reasons || gate.reason('G33', 'the evidence or the claims are in doubt'); END IF;
  IF (f ->> 'lastHour')::int >= r.max_per_hour THEN reasons := reasons || gate.reason('G34', 'the limit of the hour is reached'); END IF;
  RETURN jsonb_build_object('reasons', to_jsonb(reasons), 'values', f || jsonb_build_object('confidence', c, 'doubtPercent', v.doubt_percent, 'v', 1,
    'rule', CASE WHEN r.version IS NOT NULL THEN gate.automation_rule_words(r) || jsonb_build_object('version', r.version) END));
END $$;

CREATE FUNCTION gate.reason(p_code text, p_sentence text) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT jsonb_build_object('code', p_code, 'sentence', p_sentence) $$;

-- Acts, stops, lifts and publications wait for each other: a stop counts for whatever is judged after it.
CREATE FUNCTION gate.lock_automation() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(x'63676e34'::bigint);
END $$;

-- An act is what the judgement says at this moment, whoever inserts it; its values are never the inserter's.
CREATE FUNCTION gate.check_automatic_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  j jsonb;
  x jsonb;
BEGIN
  -- An older snapshot would not see a stop.
  IF current_setting('transaction_isolation') <> 'read committed' THEN PERFORM gate.refuse('G35', 'an act is judged over what stands now'); END IF;
  IF num_nonnulls(new.values, new.values_sha256, new.rule_version, new.rule_number, new.incident_version, new.evidence_root) > 0 THEN
    PERFORM gate.refuse('G35', 'the rule and the values of an act are the gate''s own');
  END IF;
  PERFORM gate.lock_automation();
  PERFORM FROM public.incident WHERE id = new.incident_id FOR UPDATE;
  new.target := lower(btrim(new.target));
  j := gate.judge_automation(new.incident_id, new.action, new.target);
  FOR x IN SELECT * FROM jsonb_array_elements(j -> 'reasons') LOOP
    PERFORM gate.refuse(x ->> 'code', x ->> 'sentence');
  END LOOP;
  new.values := j -> 'values';
  new.values_sha256 := sha256(convert_to(trail.canonical(new.values), 'UTF8'));
  new.rule_version := (new.values #>> '{rule,version}')::int;
  new.rule_number := (new.values #>> '{rule,number}')::int;
  new.incident_version := (new.values ->> 'incidentVersion')::bigint;
  new.evidence_root := decode(new.values ->> 'evidenceRoot', 'hex');
  new.decided_at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_automatic_act BEFORE INSERT ON public.automatic_act FOR EACH ROW EXECUTE FUNCTION gate.check_automatic_act();
ALTER TABLE public.automatic_act ENABLE ALWAYS TRIGGER check_automatic_act;

-- With the act, in the same transaction: its response, a hint to open screens, its entry on the trail. The incident stays as it is.
CREATE FUNCTION gate.record_automatic_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_run uuid := gate.uuid_v7();
BEGIN
  INSERT INTO public.response_run (id, automatic_act_id, action, target, outcome) VALUES (v_run, new.id, new.action, new.target, 'unknown');
  INSERT INTO public.outbox (kind, incident_id) VALUES ('automation.acted', new.incident_id);
  PERFORM trail.write('response.automatic', 'system:automation', new.incident_id, trail.canonical(jsonb_build_object('act', new.id, 'run', v_run,
    'action', new.action, 'target', new.target, 'rule', new.rule_version || '.' || new.rule_number, 'confidence', new.values #> '{confidence,total}',
    'values', new.values, 'valuesSha256', encode(new.values_sha256, 'hex'))));
  RETURN null;
END $$;
CREATE TRIGGER record_automatic_act AFTER INSERT ON public.automatic_act FOR EACH ROW EXECUTE FUNCTION gate.record_automatic_act();
ALTER TABLE public.automatic_act ENABLE ALWAYS TRIGGER record_automatic_act;

-- For the worker: lets one thing run by itself, or is refused by name. Returns the act's id.
CREATE FUNCTION gate.act_automatically(p_incident uuid, p_action text, p_target text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid := gate.uuid_v7();
BEGIN
  INSERT INTO public.automatic_act (id, incident_id, action, target) VALUES (v_id, p_incident, p_action, p_target);
  RETURN v_id;
END $$;

-- For the worker: keeps why something did not run, by a judgement of its own. Returns null when nothing speaks against it.
CREATE FUNCTION gate.keep_refusal(p_incident uuid, p_action text, p_target text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE j jsonb := gate.judge_automation(p_incident, p_action, p_target);
BEGIN
  IF j -> 'values' = '{}' OR jsonb_array_length(j -> 'reasons') = 0 THEN RETURN null; END IF;
  INSERT INTO public.automation_refusal (id, incident_id, action, target, code, reasons, values)
    VALUES (gate.uuid_v7(), p_incident, p_action, j #>> '{values,target}', j #>> '{reasons,0,code}', j -> 'reasons', j -> 'values')
    ON CONFLICT DO NOTHING;
  RETURN j -> 'reasons';
END $$;

-- For the worker: takes autonomy back for an incident that is in doubt. Returns the stop's id; null when there is no doubt or it stands.
CREATE FUNCTION gate.stop_doubtful(p_incident uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_doubt jsonb;
  v_id uuid := gate.uuid_v7();
BEGIN
  PERFORM gate.lock_automation();
  v_doubt := gate.automation_doubt(p_incident);
  IF NOT gate.is_doubtful(p_incident, v_doubt) OR NOT EXISTS (SELECT FROM public.incident WHERE id = p_incident AND merged_into_id IS NULL)
    OR EXISTS (SELECT FROM public.automation_stopped s WHERE s.incident_id = p_incident AND s.person_id IS NULL)
  THEN
    RETURN null;
  END IF;
  INSERT INTO public.automation_stop (id, scope, incident_id, reason, values) VALUES (v_id, 'incident', p_incident,
    CASE WHEN (v_doubt ->> 'instructions')::int > 0 THEN format('%s records read like instructions (%s).', v_doubt ->> 'instructions',
        (SELECT string_agg(r, ', ') FROM jsonb_array_elements_text(v_doubt -> 'records') AS r))
      ELSE format('%s of %s claims of the summary %s do not hold.', v_doubt ->> 'failing', v_doubt ->> 'claims', v_doubt ->> 'summary') END, v_doubt);
  RETURN v_id;
END $$;

-- A stop is by someone who works the desk or administers it, or by itself over doubt that is there.
CREATE FUNCTION gate.check_automation_stop() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  new.at := clock_timestamp();
  IF new.person_id IS NULL THEN
    IF new.values IS DISTINCT FROM gate.automation_doubt(new.incident_id) THEN PERFORM gate.refuse('G35', 'a stop by itself tells the doubt that is there'); END IF;
    RETURN new;
  END IF;
  new.values := '{}';
  SELECT * INTO m FROM public.person WHERE id = new.person_id FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role NOT IN ('analyst', 'lead', 'admin') THEN PERFORM gate.refuse('G3', 'the role may not stop automation'); END IF;
  IF new.scope = 'incident' AND NOT EXISTS (SELECT FROM public.incident WHERE id = new.incident_id) THEN
    PERFORM gate.refuse('G10', 'there is no such incident');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_automation_stop BEFORE INSERT ON public.automation_stop FOR EACH ROW EXECUTE FUNCTION gate.check_automation_stop();
ALTER TABLE public.automation_stop ENABLE ALWAYS TRIGGER check_automation_stop;

CREATE FUNCTION gate.record_automation_stop() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.outbox (kind, incident_id) VALUES ('automation.changed', new.incident_id);
  PERFORM trail.write('policy.automation_stopped', coalesce('person:' || new.person_id, 'system:automation'), new.incident_id,
    trail.canonical(jsonb_build_object('stop', new.id, 'scope', new.scope, 'incidentType', new.incident_type, 'reason', new.reason, 'values', new.values)));
  RETURN null;
END $$;
CREATE TRIGGER record_automation_stop AFTER INSERT ON public.automation_stop FOR EACH ROW EXECUTE FUNCTION gate.record_automation_stop();
ALTER TABLE public.automation_stop ENABLE ALWAYS TRIGGER record_automation_stop;

-- Stops at once. The same stop pressed twice is one; returns its id.
CREATE FUNCTION gate.stop_automation(p_person uuid, p_scope text, p_type text, p_incident uuid, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid;
BEGIN
  PERFORM gate.lock_automation();
  SELECT id INTO v_id FROM public.automation_stopped
    WHERE scope = p_scope AND incident_type IS NOT DISTINCT FROM p_type AND incident_id IS NOT DISTINCT FROM p_incident AND person_id IS NOT NULL;
  IF v_id IS NOT NULL THEN RETURN v_id; END IF;
  v_id := gate.uuid_v7();
  INSERT INTO public.automation_stop (id, scope, incident_type, incident_id, reason, person_id) VALUES (v_id, p_scope, p_type, p_incident, p_reason, p_person);
  RETURN v_id;
END $$;

-- What a lift signs: the stop as it stands, so that nobody lifts another one than they read.
CREATE FUNCTION gate.automation_lift_statement(p_stop uuid, p_reason text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'lift_automation_stop', 'stop', s.id, 'scope', s.scope, 'incidentType', s.incident_type,
    'incident', s.incident_id, 'stoppedBecause', s.reason, 'values', s.values, 'reason', p_reason, 'v', 1))
  FROM public.automation_stop s WHERE s.id = p_stop
$$;

CREATE FUNCTION gate.check_automation_lift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m public.person;
  v_key bytea;
BEGIN
  new.at := clock_timestamp();
  SELECT * INTO m FROM public.person WHERE id = new.person_id FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role NOT IN ('lead', 'admin') THEN PERFORM gate.refuse('G3', 'the role may not lift a stop'); END IF;
  IF new.statement IS DISTINCT FROM gate.automation_lift_statement(new.stop_id, new.reason) THEN
    PERFORM gate.refuse('G5', 'the statement does not say what is lifted');
  END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = m.id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || new.statement_sha256) THEN PERFORM gate.refuse('G6', 'password proof does not match'); END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_automation_lift BEFORE INSERT ON public.automation_lift FOR EACH ROW EXECUTE FUNCTION gate.check_automation_lift();
ALTER TABLE public.automation_lift ENABLE ALWAYS TRIGGER check_automation_lift;

-- Lifts a stop, signed. Lifted already: nothing to do.
CREATE FUNCTION gate.lift_automation(p_person uuid, p_stop uuid, p_statement_sha256 bytea, p_proof bytea, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s public.automation_stop;
BEGIN
  PERFORM gate.lock_automation();
  SELECT * INTO s FROM public.automation_stop WHERE id = p_stop;
  IF s.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such stop'); END IF;
  IF EXISTS (SELECT FROM public.automation_lift WHERE stop_id = p_stop) THEN RETURN; END IF;
  IF p_statement_sha256 IS DISTINCT FROM sha256(convert_to(gate.automation_lift_statement(p_stop, p_reason), 'UTF8')) THEN
    PERFORM gate.refuse('G5', 'another statement was signed');
  END IF;
  INSERT INTO public.automation_lift (stop_id, person_id, reason, statement, statement_sha256, proof)
    VALUES (p_stop, p_person, p_reason, gate.automation_lift_statement(p_stop, p_reason), p_statement_sha256, p_proof);
  INSERT INTO public.outbox (kind, incident_id) VALUES ('automation.changed', s.incident_id);
  PERFORM trail.write('policy.automation_lifted', 'person:' || p_person, s.incident_id, trail.canonical(jsonb_build_object('stop', s.id, 'scope', s.scope,
    'incidentType', s.incident_type, 'reason', p_reason, 'statement', gate.automation_lift_statement(p_stop, p_reason),
    'statementSha256', encode(p_statement_sha256, 'hex'))));
END $$;

-- Writes down a set of rules to be signed. It counts for nothing until enough admins have signed it. Returns its version.
CREATE FUNCTION gate.propose_automation(p_person uuid, p_rules jsonb, p_doubt int, p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_version int;
  v_previous int;
  v_statement text;
BEGIN
  PERFORM gate.require_admin(p_person);
  PERFORM gate.lock_automation();
  SELECT max(version) + 1 INTO v_version FROM public.automation_version;
  SELECT version INTO v_previous FROM public.automation_in_force;
  -- the rules stand before their statement: the key is looked at when the transaction ends
  SET CONSTRAINTS public.automation_rule_version_fkey DEFERRED;
  INSERT INTO public.automation_rule (version, number, action, blast_radius, severities, incident_types, min_confidence, min_sources, max_per_hour, max_per_incident)
    SELECT v_version, r.place, r.rule ->> 'action', CASE r.rule ->> 'action' WHEN 'collect_artifacts' THEN 'collection' WHEN 'isolate_host' THEN 'one_endpoint' ELSE 'several_systems' END,
      CASE jsonb_typeof(r.rule -> 'severities') WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(r.rule -> 'severities')) END,
      CASE jsonb_typeof(r.rule -> 'incidentTypes') WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(r.rule -> 'incidentTypes')) END,
      (r.rule ->> 'minConfidence')::int, (r.rule ->> 'minSources')::int, (r.rule ->> 'maxPerHour')::int, (r.rule ->> 'maxPerIncident')::int
    FROM jsonb_array_elements(p_rules) WITH ORDINALITY AS r (rule, place);
  v_statement := gate.automation_statement(v_version, v_previous, p_doubt, p_reason);
  INSERT INTO public.automation_version (version, previous, doubt_percent, statement, statement_sha256, reason, person_id)
    VALUES (v_version, v_previous, p_doubt, v_statement, sha256(convert_to(v_statement, 'UTF8')), p_reason, p_person);
  SET CONSTRAINTS public.automation_rule_version_fkey IMMEDIATE;
  PERFORM trail.write('policy.automation_proposed', 'person:' || p_person, null,
    trail.canonical(jsonb_build_object('version', v_version, 'reason', p_reason, 'statement', v_statement)));
  RETURN v_version;
END $$;
ALTER TABLE public.automation_rule ALTER CONSTRAINT automation_rule_version_fkey DEFERRABLE INITIALLY IMMEDIATE;

-- A signature is an admin's, over the version as it stands, while that follows what is in force and is a day old at most.
CREATE FUNCTION gate.check_automation_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v public.automation_version;
  v_key bytea;
BEGIN
  new.at := clock_timestamp();
  PERFORM gate.lock_automation();
  PERFORM gate.require_admin(new.person_id);
  SELECT * INTO v FROM public.automation_version WHERE version = new.version;
  IF new.statement_sha256 IS DISTINCT FROM v.statement_sha256
    OR v.statement IS DISTINCT FROM gate.automation_statement(v.version, v.previous, v.doubt_percent, v.reason)
  THEN
    PERFORM gate.refuse('G5', 'another statement was signed');
  END IF;
  IF v.previous IS DISTINCT FROM (SELECT version FROM public.automation_in_force) OR v.at < new.at - interval '1 day' THEN
    PERFORM gate.refuse('G11', 'stale: other rules are in force, or these wait for more than a day');
  END IF;
  IF EXISTS (SELECT FROM public.automation_signature s JOIN public.person m ON m.id = s.person_id
    WHERE s.version = new.version AND NOT (m.active AND m.human AND m.role = 'admin'))
  THEN
    PERFORM gate.refuse('G3', 'an earlier signer is no admin any more; the rules are written anew');
  END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = new.person_id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || new.statement_sha256) THEN PERFORM gate.refuse('G6', 'password proof does not match'); END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_automation_signature BEFORE INSERT ON public.automation_signature FOR EACH ROW EXECUTE FUNCTION gate.check_automation_signature();
ALTER TABLE public.automation_signature ENABLE ALWAYS TRIGGER check_automation_signature;

-- Signs a version; with enough signatures it is in force in the same call. Returns {"state": "in_force" | "proposed"}.
CREATE FUNCTION gate.sign_automation(p_person uuid, p_version int, p_statement_sha256 bytea, p_proof bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_now int;
BEGIN
  PERFORM gate.lock_automation();
  IF NOT EXISTS (SELECT FROM public.automation_version WHERE version = p_version) THEN PERFORM gate.refuse('G10', 'there are no such rules'); END IF;
  IF NOT EXISTS (SELECT FROM public.automation_signature WHERE version = p_version AND person_id = p_person) THEN
    INSERT INTO public.automation_signature (version, person_id, statement_sha256, proof) VALUES (p_version, p_person, p_statement_sha256, p_proof);
    SELECT version INTO v_now FROM public.automation_in_force;
    INSERT INTO public.outbox (kind) VALUES ('automation.changed');
    PERFORM trail.write(CASE WHEN v_now = p_version THEN 'policy.automation_published' ELSE 'policy.automation_signed' END, 'person:' || p_person, null,
      (SELECT trail.canonical(jsonb_build_object('version', version, 'statement', statement, 'statementSha256', encode(statement_sha256, 'hex'), 'reason', reason,
        'signers', (SELECT jsonb_agg(s.person_id ORDER BY s.at, s.person_id) FROM public.automation_signature s WHERE s.version = p_version)))
        FROM public.automation_version WHERE version = p_version));
  END IF;
  RETURN jsonb_build_object('state', CASE WHEN (SELECT version FROM public.automation_in_force) = p_version THEN 'in_force' ELSE 'proposed' END);
END $$;

-- The first rules: collecting runs by itself, isolating does not.
DO $$
DECLARE v_statement text;
BEGIN
  SET CONSTRAINTS public.automation_rule_version_fkey DEFERRED;
  INSERT INTO public.automation_rule (version, number, action, blast_radius, min_confidence, min_sources, max_per_hour, max_per_incident)
    VALUES (1, 1, 'collect_artifacts', 'collection', 50, 1, 60, 5);
  v_statement := gate.automation_statement(1, null, 20, 'Collecting runs by itself; isolating does not.');
  INSERT INTO public.automation_version (version, doubt_percent, statement, statement_sha256, reason)
    VALUES (1, 20, v_statement, sha256(convert_to(v_statement, 'UTF8')), 'Collecting runs by itself; isolating does not.');
  SET CONSTRAINTS public.automation_rule_version_fkey IMMEDIATE;
  PERFORM trail.write('policy.automation_published', 'system:owner', null, trail.canonical(jsonb_build_object('version', 1, 'statement', v_statement)));
END $$;

GRANT SELECT ON public.automation_version, public.automation_rule, public.automation_in_force, public.automation_stop, public.automation_stopped,
  public.automatic_act, public.automation_refusal TO countersign_web, countersign_worker, countersign_auditor;
GRANT SELECT ON public.automation_signature, public.automation_lift TO countersign_web, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.act_automatically(uuid, text, text), gate.keep_refusal(uuid, text, text), gate.stop_doubtful(uuid) TO countersign_worker;
GRANT EXECUTE ON FUNCTION gate.automation_targets(uuid), gate.judge_automation(uuid, text, text) TO countersign_web, countersign_worker;
GRANT EXECUTE ON FUNCTION gate.stop_automation(uuid, text, text, uuid, text), gate.automation_lift_statement(uuid, text),
  gate.lift_automation(uuid, uuid, bytea, bytea, text), gate.propose_automation(uuid, jsonb, int, text),
  gate.sign_automation(uuid, int, bytea, bytea) TO countersign_web;

SELECT gate.record_guards();
