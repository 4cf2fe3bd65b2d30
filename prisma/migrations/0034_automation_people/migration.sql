-- Who stops, lifts, writes and signs what may run by itself.

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
-- Whoever answers without doing anything must not answer whether a password was right: a second call proves it again.
CREATE FUNCTION gate.require_proof(p_person uuid, p_statement_sha256 bytea, p_proof bytea) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM gate.sign_key WHERE person_id = p_person AND p_proof = sha256(key || p_statement_sha256)) THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
END $$;

CREATE FUNCTION gate.lift_automation(p_person uuid, p_stop uuid, p_statement_sha256 bytea, p_proof bytea, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s public.automation_stop;
BEGIN
  PERFORM gate.lock_automation();
  SELECT * INTO s FROM public.automation_stop WHERE id = p_stop;
  IF s.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such stop'); END IF;
  IF EXISTS (SELECT FROM public.automation_lift WHERE stop_id = p_stop) THEN
    PERFORM gate.require_proof(p_person, p_statement_sha256, p_proof);
    RETURN;
  END IF;
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
