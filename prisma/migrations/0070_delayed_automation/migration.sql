-- The functions that write and sign rules of automation, with a delay for what lets more run; and the notices of them.

CREATE OR REPLACE FUNCTION gate.judge_automation(p_incident uuid, p_action text, p_target text) RETURNS jsonb
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
  IF gate.automation_as_signed(v.version) THEN
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

CREATE OR REPLACE FUNCTION gate.propose_automation(p_person uuid, p_rules jsonb, p_doubt int, p_reason text) RETURNS int
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
  v_statement := gate.automation_statement_due(v_version, v_previous, p_doubt, p_reason);
  INSERT INTO public.automation_version (version, previous, doubt_percent, statement, statement_sha256, reason, person_id)
    VALUES (v_version, v_previous, p_doubt, v_statement, sha256(convert_to(v_statement, 'UTF8')), p_reason, p_person);
  SET CONSTRAINTS public.automation_rule_version_fkey IMMEDIATE;
  PERFORM trail.write('policy.automation_proposed', 'person:' || p_person, null,
    trail.canonical(jsonb_build_object('version', v_version, 'reason', p_reason, 'statement', v_statement)));
  RETURN v_version;
END $$;

DROP FUNCTION gate.automation_statement(int, int, int, text);

-- Signs a version. With the last signature it needs it is in force in the same call, or waits for its time. Returns
-- {"state": "in_force" | "scheduled" | "proposed", "effectiveAt"}.
CREATE OR REPLACE FUNCTION gate.sign_automation(p_person uuid, p_version int, p_statement_sha256 bytea, p_proof bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_answer jsonb;
BEGIN
  PERFORM gate.lock_automation();
  IF NOT EXISTS (SELECT FROM public.automation_version WHERE version = p_version) THEN PERFORM gate.refuse('G10', 'there are no such rules'); END IF;
  IF EXISTS (SELECT FROM public.automation_signature WHERE version = p_version AND person_id = p_person) THEN
    RETURN gate.automation_answer(p_version);
  END IF;
  INSERT INTO public.automation_signature (version, person_id, statement_sha256, proof) VALUES (p_version, p_person, p_statement_sha256, p_proof);
  v_answer := gate.automation_answer(p_version);
  INSERT INTO public.outbox (kind) VALUES ('automation.changed');
  PERFORM trail.write(CASE v_answer ->> 'state' WHEN 'proposed' THEN 'policy.automation_signed' ELSE 'policy.automation_published' END, 'person:' || p_person, null,
    (SELECT trail.canonical(jsonb_build_object('version', version, 'statement', statement, 'statementSha256', encode(statement_sha256, 'hex'), 'reason', reason,
      'effectiveAt', v_answer -> 'effectiveAt',
      'overtook', (SELECT coalesce(jsonb_agg(e.version ORDER BY e.version), '[]') FROM public.automation_end e WHERE e.by_version = p_version),
      'signers', (SELECT jsonb_agg(s.person_id ORDER BY s.at, s.person_id) FROM public.automation_signature s WHERE s.version = p_version)))
      FROM public.automation_version WHERE version = p_version));
  RETURN v_answer;
END $$;

CREATE FUNCTION gate.automation_answer(p_version int) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('state', gate.automation_state(p_version),
    'effectiveAt', to_char(gate.automation_effective_at(p_version) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;

-- Ends rules before they take effect, by any admin: the safe way out, so it asks for a reason and nothing else.
CREATE FUNCTION gate.withdraw_automation(p_person uuid, p_version int, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was text;
BEGIN
  PERFORM gate.lock_automation();
  v_was := gate.automation_state(p_version);
  IF v_was IS NULL THEN PERFORM gate.refuse('G10', 'there are no such rules'); END IF;
  INSERT INTO public.automation_end (version, kind, person_id, reason) VALUES (p_version, 'withdrawn', p_person, p_reason);
  INSERT INTO public.outbox (kind) VALUES ('automation.changed');
  PERFORM trail.write('policy.automation_withdrawn', 'person:' || p_person, null,
    trail.canonical(jsonb_build_object('version', p_version, 'was', v_was, 'reason', p_reason)));
END $$;
GRANT EXECUTE ON FUNCTION gate.withdraw_automation(uuid, int, text) TO countersign_web;

ALTER TABLE public.notice_event
  DROP CONSTRAINT notice_event_kind,
  ADD CONSTRAINT notice_event_kind CHECK (
    num_nonnulls(decision_id, passkey_id, act_id, stop_id, policy_version, automation_version) = 1 AND CASE
    WHEN kind IN ('decision.waiting', 'decision.signed', 'decision.rejected', 'decision.expired', 'decision.went_stale', 'decision.took_effect')
      THEN decision_id IS NOT NULL
    WHEN kind IN ('passkey.enrolled', 'passkey.revoked') THEN passkey_id IS NOT NULL
    WHEN kind = 'automation.isolated' THEN act_id IS NOT NULL
    WHEN kind = 'automation.stopped' THEN stop_id IS NOT NULL
    WHEN kind IN ('automation.waiting', 'automation.scheduled') THEN automation_version IS NOT NULL
    WHEN kind IN ('policy.waiting', 'policy.scheduled') THEN policy_version IS NOT NULL
    ELSE false END);

-- Rules that one signature does not put in force: told of when they wait for a second admin, and when for their time.
CREATE OR REPLACE FUNCTION gate.notice_of_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_event public.notice_event;
  v_state text := gate.automation_state(new.version);
BEGIN
  IF v_state NOT IN ('proposed', 'scheduled') THEN RETURN null; END IF;
  v_event.kind := CASE v_state WHEN 'proposed' THEN 'automation.waiting' ELSE 'automation.scheduled' END;
  v_event.automation_version := new.version;
  v_event.actor_id := new.person_id;
  PERFORM gate.tell(v_event, gate.watching_rules(new.person_id));
  RETURN null;
END $$;

SELECT gate.record_guards();
