-- What may run by itself is judged here, over the rows as they stand.

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

-- Does a stop count for this incident now?
CREATE FUNCTION gate.automation_is_stopped(p_incident uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.automation_stopped s
    WHERE s.scope = 'global' OR s.incident_id = p_incident OR s.incident_type = ANY (gate.incident_types(p_incident)))
$$;

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

SELECT gate.record_guards();
