-- The second half of 0050: what a signature does once it is accepted, and what is checked of that.

-- As before; the decision as it was locked, and the sign-off as it was written, are handed on instead of read again.
DROP FUNCTION gate.conclude_sign_off(public.decision, uuid);
CREATE FUNCTION gate.conclude_sign_off(d public.decision, s public.sign_off) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p public.policy_rule;
  v_count int;
  v_in_effect boolean := false;
  v_incidents uuid[];
  v_effects text[];
  v_signed text;
BEGIN
  -- A proposal of this very transaction goes on record before its signature.
  SET CONSTRAINTS public.record_proposal IMMEDIATE;
  SET CONSTRAINTS public.record_proposal DEFERRED;
  IF s.outcome = 'rejected' THEN
    UPDATE public.decision SET state = 'rejected' WHERE id = d.id;
  ELSE
    p := gate.rule_of(d);
    v_count := gate.count_sign_offs(d, p);
    v_in_effect := coalesce(v_count >= p.sign_offs, false);
    IF v_in_effect THEN
      PERFORM gate.take_effect(d.id);
      SELECT array_agg(e.incident_id), array_agg(e.payload) INTO v_incidents, v_effects FROM gate.effect_payloads(d) AS e;
    END IF;
  END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  v_signed := gate.sign_off_payload(d, s);
  PERFORM trail.write(CASE s.outcome WHEN 'approved' THEN 'decision.signed' ELSE 'decision.rejected' END,
    'person:' || s.person_id, d.incident_id, v_signed);
  FOR n IN 1 .. coalesce(cardinality(v_incidents), 0) LOOP
    PERFORM trail.write('decision.took_effect', 'system:gate', v_incidents[n], v_effects[n]);
  END LOOP;
  IF d.break_glass AND v_in_effect THEN INSERT INTO public.second_review (decision_id) VALUES (d.id); END IF;
  IF s.outcome = 'rejected' THEN RETURN jsonb_build_object('state', 'rejected'); END IF;
  RETURN jsonb_build_object('state', CASE WHEN v_in_effect THEN 'in_effect' ELSE 'proposed' END, 'signOffs', v_count, 'needed', p.sign_offs);
END $$;

-- As before. Whether the person could sign is asked when it matters: of a decision that is void, before it is settled.
CREATE OR REPLACE FUNCTION gate.sign_decision(p_decision uuid, p_person uuid, p_outcome text, p_statement_sha256 bytea, p_proof bytea, p_reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  d public.decision;
  s public.sign_off;
  v_open boolean;
  v_state text;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = p_decision;
  IF d.id IS NULL THEN PERFORM gate.refuse('G1', 'there is no such decision'); END IF;
  v_open := d.state = 'proposed';
  IF v_open THEN d := gate.lock_decision(d); END IF;
  v_state := d.state;
  IF v_state = 'proposed' AND gate.void_as(d) IS NOT NULL AND gate.could_sign(d, p_person, p_outcome, p_statement_sha256) THEN
    v_state := gate.settle(p_decision);
  END IF;
  IF EXISTS (SELECT FROM public.sign_off WHERE decision_id = p_decision AND person_id = p_person) THEN
    RETURN jsonb_build_object('state', v_state, 'code', 'already_signed');
  END IF;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_strip_nulls(jsonb_build_object('state', v_state, 'before', CASE WHEN NOT v_open THEN true END)); END IF;
  INSERT INTO public.sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, proof, reason, at)
    VALUES (gate.uuid_v7(), p_decision, p_person, '', p_outcome, p_statement_sha256, 'password', p_proof, p_reason, clock_timestamp()) RETURNING * INTO STRICT s;
  RETURN gate.conclude_sign_off(d, s);
END $$;

CREATE OR REPLACE FUNCTION gate.sign_with_passkey(p_decision uuid, p_person uuid, p_credential bytea, p_authenticator_data bytea, p_client_data_json bytea,
  p_signature bytea, p_reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  d public.decision;
  s public.sign_off;
  v_state text;
  v_passkey uuid := (SELECT id FROM public.passkey WHERE credential_id = p_credential);
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = p_decision;
  IF d.id IS NULL THEN PERFORM gate.refuse('G1', 'there is no such decision'); END IF;
  d := gate.lock_decision(d);
  v_state := d.state;
  IF v_state = 'proposed' AND gate.void_as(d) IS NOT NULL THEN v_state := gate.settle(p_decision); END IF;
  IF EXISTS (SELECT FROM public.sign_off WHERE decision_id = p_decision AND person_id = p_person) THEN
    RETURN jsonb_build_object('state', v_state, 'code', 'already_signed');
  END IF;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_build_object('state', v_state); END IF;
  INSERT INTO public.sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, passkey_id, authenticator_data,
      client_data_json, signature, reason, at)
    VALUES (gate.uuid_v7(), d.id, p_person, '', 'approved', d.statement_sha256, 'passkey', v_passkey, p_authenticator_data, p_client_data_json,
      p_signature, p_reason, clock_timestamp()) RETURNING * INTO STRICT s;
  RETURN gate.conclude_sign_off(d, s);
END $$;

-- As before; the list of many incidents is asked only for a decision about many.
CREATE OR REPLACE FUNCTION gate.check_incident() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.transition;
  d public.decision;
  p public.policy_rule;
  v_gated boolean;
  v_count int;
BEGIN
  IF tg_op = 'INSERT' THEN
    IF new.status <> 'new' OR new.version <> 1
      OR num_nonnulls(new.escalated_by, new.contained_by, new.closed_by, new.closed_at, new.merged_into_id) > 0
    THEN
      PERFORM gate.refuse('G7', 'an incident is born new');
    END IF;
    RETURN null;
  END IF;
  IF new.version <> old.version + gate.facts_differ(old, new)::int THEN
    PERFORM gate.refuse('G8', 'the version steps by one with the facts');
  END IF;
  v_gated := (new.status = 'closed') <> (old.status = 'closed')
    OR (new.escalated_by, new.contained_by, new.closed_by, new.closed_at) IS DISTINCT FROM (old.escalated_by, old.contained_by, old.closed_by, old.closed_at);
  SELECT * INTO t FROM public.transition WHERE incident_id = new.id AND from_version = old.version;
  IF NOT v_gated THEN
    IF t.decision_id IS NOT NULL AND new.version <> old.version THEN PERFORM gate.refuse('G15', 'a transition without its change'); END IF;
    RETURN null;
  END IF;
  IF t.decision_id IS NULL OR NOT gate.change_fits(old, new, t) THEN PERFORM gate.refuse('G9', 'a gated change without a sign-off'); END IF;
  SELECT * INTO d FROM public.decision WHERE id = t.decision_id;
  IF NOT (d.incident_id = new.id OR gate.is_of(new.id, d.id)) OR (d.kind, d.state) IS DISTINCT FROM (t.kind, 'in_effect') THEN
    PERFORM gate.refuse('G10', 'the wrong decision');
  END IF;
  -- A list of 500 incidents would be unpacked for each of them; nothing below reads it.
  IF d.severities IS NOT NULL THEN
    d.statement := null;
    d.content := null;
  END IF;
  IF NOT gate.evidence_is_counted(new) THEN PERFORM gate.refuse('G11', 'stale: the incident does not count its evidence'); END IF;
  IF NOT gate.facts_hold(d, old) THEN PERFORM gate.refuse('G11', 'stale: the incident changed after it was proposed'); END IF;
  IF EXISTS (SELECT FROM public.sign_off s WHERE s.decision_id = d.id AND s.outcome = 'rejected') THEN
    PERFORM gate.refuse('G12', 'the decision was rejected');
  END IF;
  p := gate.rule_of(d);
  IF p.kind IS NULL THEN PERFORM gate.refuse('G0', 'no rule of the policy allows this kind of decision'); END IF;
  v_count := gate.count_sign_offs(d, p);
  IF v_count < p.sign_offs THEN PERFORM gate.refuse('G13', format('%s of %s sign-offs', v_count, p.sign_offs)); END IF;
  RETURN null;
END $$;

-- As before; what one decision is about is read from its own row.
CREATE OR REPLACE FUNCTION gate.take_effect(p_decision uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_incidents uuid[];
BEGIN
  SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision;
  d := gate.lock_decision(d);
  v_incidents := ARRAY[d.incident_id];
  IF d.severities IS NOT NULL THEN v_incidents := ARRAY(SELECT gate.incidents_of(p_decision)); END IF;
  UPDATE public.decision SET state = 'in_effect' WHERE id = d.id;
  INSERT INTO public.transition (incident_id, from_version, decision_id, kind, from_status, to_status)
    SELECT id, version, d.id, d.kind, status, CASE d.kind WHEN 'closure' THEN 'closed' WHEN 'reopening' THEN 'in_progress' ELSE status END
    FROM public.incident WHERE id = ANY (v_incidents);
  UPDATE public.incident SET
    status = CASE d.kind WHEN 'closure' THEN 'closed' WHEN 'reopening' THEN 'in_progress' ELSE status END,
    escalated_by = CASE d.kind WHEN 'escalation' THEN d.id ELSE escalated_by END,
    contained_by = CASE d.kind WHEN 'containment' THEN d.id ELSE contained_by END,
    closed_by = CASE d.kind WHEN 'closure' THEN d.id WHEN 'reopening' THEN null ELSE closed_by END,
    closed_at = CASE d.kind WHEN 'closure' THEN clock_timestamp() WHEN 'reopening' THEN null ELSE closed_at END,
    last_activity_at = clock_timestamp()
  WHERE id = ANY (v_incidents);
  IF d.kind = 'containment' THEN
    INSERT INTO public.response_run (id, decision_id, action, target, outcome)
    SELECT gate.uuid_v7(), d.id, a ->> 'action', a ->> 'target', 'unknown' FROM jsonb_array_elements(d.content -> 'actions') AS a;
  END IF;
  SET CONSTRAINTS public.incident_gate, public.transition_gate IMMEDIATE;
  SET CONSTRAINTS public.incident_gate, public.transition_gate DEFERRED;
END $$;

CREATE OR REPLACE FUNCTION gate.check_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.transition t WHERE t.decision_id = new.id AND t.incident_id = new.incident_id)
    OR (new.severities IS NOT NULL AND EXISTS (SELECT FROM gate.incidents_of(new.id) AS i
      WHERE NOT EXISTS (SELECT FROM public.transition t WHERE t.decision_id = new.id AND t.incident_id = i)))
  THEN
    PERFORM gate.refuse('G15', 'a decision in effect without its transition');
  END IF;
  IF new.severities IS NOT NULL AND NOT gate.members_as_stated(new.id) THEN
    PERFORM gate.refuse('G15', 'a decision in effect without the incidents that it lists');
  END IF;
  IF new.break_glass AND NOT EXISTS (SELECT FROM public.second_review r WHERE r.decision_id = new.id) THEN
    PERFORM gate.refuse('G15', 'a decision in effect by break-glass without its second review');
  END IF;
  RETURN null;
END $$;

-- As before, text for text; what is the same for every incident is made once.
CREATE OR REPLACE FUNCTION gate.effect_payloads(d public.decision) RETURNS TABLE (incident_id uuid, payload text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.transition;
  v_same jsonb := jsonb_build_object('content', d.content - 'incidents', 'policyVersion', d.policy_version,
    'signOffs', (SELECT jsonb_agg(s.id ORDER BY s.at, s.id) FROM public.sign_off s WHERE s.decision_id = d.id));
BEGIN
  IF d.severities IS NOT NULL THEN
    v_same := v_same || jsonb_build_object('together', (SELECT count(*) FROM public.transition o WHERE o.decision_id = d.id), 'proposedUnder', d.incident_id);
  END IF;
  FOR t IN SELECT * FROM public.transition o WHERE o.decision_id = d.id ORDER BY o.incident_id LOOP
    incident_id := t.incident_id;
    payload := gate.decision_payload(d, v_same
      || jsonb_build_object('fromStatus', t.from_status, 'toStatus', t.to_status, 'fromVersion', t.from_version));
    RETURN NEXT;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION gate.sign_off_payload(d public.decision, s public.sign_off) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_passkey jsonb := '{}';
BEGIN
  IF s.assurance = 'passkey' THEN
    v_passkey := jsonb_build_object('passkey', s.passkey_id,
      'credential', (SELECT encode(credential_id, 'hex') FROM public.passkey WHERE id = s.passkey_id),
      'authenticatorDataSha256', encode(sha256(s.authenticator_data), 'hex'),
      'clientDataSha256', encode(sha256(s.client_data_json), 'hex'), 'signatureSha256', encode(sha256(s.signature), 'hex'));
  END IF;
  RETURN gate.decision_payload(d, v_passkey || jsonb_build_object('signOff', s.id, 'outcome', s.outcome, 'role', s.role,
    'assurance', s.assurance, 'reason', coalesce(s.reason, d.content ->> 'reason')));
END $$;

SELECT gate.record_guards();
