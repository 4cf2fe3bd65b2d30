-- Whoever appends to the trail holds its head until the transaction ends, and everybody else waits. So what a signature
-- does is done and checked first, and goes on record last.

-- As before, but for what is on record of it: gate.conclude_sign_off.
CREATE OR REPLACE FUNCTION gate.take_effect(p_decision uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_incidents uuid[] := ARRAY(SELECT gate.incidents_of(p_decision));
BEGIN
  PERFORM FROM public.incident WHERE id = ANY (v_incidents) ORDER BY id FOR UPDATE;
  SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision FOR UPDATE;
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

-- What the trail says of a sign-off; of one by passkey its digests too, so that the trail holds the assertion fast.
DROP FUNCTION gate.record_sign_off(public.decision, uuid);
CREATE FUNCTION gate.sign_off_payload(d public.decision, s public.sign_off) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT gate.decision_payload(d, CASE s.assurance WHEN 'passkey' THEN jsonb_build_object('passkey', s.passkey_id,
      'credential', (SELECT encode(credential_id, 'hex') FROM public.passkey WHERE id = s.passkey_id),
      'authenticatorDataSha256', encode(sha256(s.authenticator_data), 'hex'),
      'clientDataSha256', encode(sha256(s.client_data_json), 'hex'), 'signatureSha256', encode(sha256(s.signature), 'hex')) ELSE '{}' END
    || jsonb_build_object('signOff', s.id, 'outcome', s.outcome, 'role', s.role, 'assurance', s.assurance,
      'reason', coalesce(s.reason, d.content ->> 'reason')))
$$;

-- What the trail says of the effect on each incident.
CREATE FUNCTION gate.effect_payloads(d public.decision) RETURNS TABLE (incident_id uuid, payload text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.incident_id, gate.decision_payload(d, jsonb_build_object('content', d.content - 'incidents', 'policyVersion', d.policy_version,
      'fromStatus', t.from_status, 'toStatus', t.to_status, 'fromVersion', t.from_version,
      'signOffs', (SELECT jsonb_agg(s.id ORDER BY s.at, s.id) FROM public.sign_off s WHERE s.decision_id = d.id))
    || CASE WHEN d.severities IS NULL THEN '{}' ELSE jsonb_build_object('together', count(*) OVER (), 'proposedUnder', d.incident_id) END)
  FROM public.transition t WHERE t.decision_id = d.id ORDER BY t.incident_id
$$;

-- What a sign-off that was accepted does: rejected, one of several, or the effect; one by break-glass leaves its second
-- review behind. Answers what gate.sign_decision answers.
CREATE FUNCTION gate.conclude_sign_off(d public.decision, p_sign_off uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s public.sign_off;
  p public.policy_rule;
  v_count int;
  v_effects jsonb := '[]';
  v_signed text;
BEGIN
  -- A proposal of this very transaction goes on record before its signature.
  SET CONSTRAINTS public.record_proposal IMMEDIATE;
  SET CONSTRAINTS public.record_proposal DEFERRED;
  SELECT * INTO STRICT s FROM public.sign_off WHERE id = p_sign_off;
  IF s.outcome = 'rejected' THEN
    UPDATE public.decision SET state = 'rejected' WHERE id = d.id;
  ELSE
    p := gate.rule_of(d);
    v_count := gate.count_sign_offs(d, p);
    IF v_count >= p.sign_offs THEN PERFORM gate.take_effect(d.id); END IF;
  END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  v_signed := gate.sign_off_payload(d, s);
  IF v_count >= p.sign_offs THEN v_effects := (SELECT jsonb_agg(e) FROM gate.effect_payloads(d) AS e); END IF;
  PERFORM trail.write(CASE s.outcome WHEN 'approved' THEN 'decision.signed' ELSE 'decision.rejected' END,
    'person:' || s.person_id, d.incident_id, v_signed);
  PERFORM trail.write('decision.took_effect', 'system:gate', (e ->> 'incident_id')::uuid, e ->> 'payload') FROM jsonb_array_elements(v_effects) AS e;
  IF d.break_glass AND v_count >= p.sign_offs THEN INSERT INTO public.second_review (decision_id) VALUES (d.id); END IF;
  RETURN CASE WHEN s.outcome = 'rejected' THEN jsonb_build_object('state', 'rejected')
    ELSE jsonb_build_object('state', CASE WHEN v_count >= p.sign_offs THEN 'in_effect' ELSE 'proposed' END, 'signOffs', v_count, 'needed', p.sign_offs) END;
END $$;

-- Whether nothing but the state of the decision and the password could keep this person's signature off it.
CREATE FUNCTION gate.could_sign(d public.decision, p_person uuid, p_outcome text, p_statement_sha256 bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.statement_sha256 = p_statement_sha256
    AND NOT EXISTS (SELECT FROM public.sign_off o WHERE o.decision_id = d.id AND o.person_id = p_person)
    AND EXISTS (SELECT FROM public.person m, gate.rule_of(d) AS r WHERE m.id = p_person AND m.active AND m.human AND gate.rank(m.role) >= gate.rank(r.min_role)
      AND (NOT r.distinct_from_proposer OR m.id <> d.proposer_id)
      AND (p_outcome = 'rejected' OR ((NOT r.distinct_from_assignee OR m.id IS DISTINCT FROM d.assignee_id)
        AND (NOT r.evidence_opened OR NOT EXISTS (SELECT FROM gate.incidents_of(d.id) AS i, gate.not_opened(i, m.id))))))
$$;

-- As before; and whether a decision that is void was settled before this call. Whoever could not sign it settles nothing.
CREATE OR REPLACE FUNCTION gate.sign_decision(p_decision uuid, p_person uuid, p_outcome text, p_statement_sha256 bytea, p_proof bytea, p_reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_open boolean;
  v_state text;
  v_id uuid := gate.uuid_v7();
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = p_decision;
  IF d.id IS NULL THEN PERFORM gate.refuse('G1', 'there is no such decision'); END IF;
  v_open := d.state = 'proposed';
  v_state := d.state;
  IF v_open AND gate.could_sign(d, p_person, p_outcome, p_statement_sha256) THEN
    v_state := gate.settle_if_void(p_decision);
    SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision;
  END IF;
  IF EXISTS (SELECT FROM public.sign_off WHERE decision_id = p_decision AND person_id = p_person) THEN
    RETURN jsonb_build_object('state', v_state, 'code', 'already_signed');
  END IF;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_strip_nulls(jsonb_build_object('state', v_state, 'before', CASE WHEN NOT v_open THEN true END)); END IF;
  INSERT INTO public.sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, proof, reason, at)
    VALUES (v_id, p_decision, p_person, '', p_outcome, p_statement_sha256, 'password', p_proof, p_reason, clock_timestamp());
  RETURN gate.conclude_sign_off(d, v_id);
END $$;

CREATE OR REPLACE FUNCTION gate.sign_with_passkey(p_decision uuid, p_person uuid, p_credential bytea, p_authenticator_data bytea, p_client_data_json bytea,
  p_signature bytea, p_reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_state text := gate.settle_if_void(p_decision);
  v_passkey uuid := (SELECT id FROM public.passkey WHERE credential_id = p_credential);
  v_id uuid := gate.uuid_v7();
BEGIN
  IF v_state IS NULL THEN PERFORM gate.refuse('G1', 'there is no such decision'); END IF;
  IF EXISTS (SELECT FROM public.sign_off WHERE decision_id = p_decision AND person_id = p_person) THEN
    RETURN jsonb_build_object('state', v_state, 'code', 'already_signed');
  END IF;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_build_object('state', v_state); END IF;
  SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision;
  INSERT INTO public.sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, passkey_id, authenticator_data,
      client_data_json, signature, reason, at)
    VALUES (v_id, d.id, p_person, '', 'approved', d.statement_sha256, 'passkey', v_passkey, p_authenticator_data, p_client_data_json,
      p_signature, p_reason, clock_timestamp());
  RETURN gate.conclude_sign_off(d, v_id);
END $$;

-- At commit: a proposal's transaction still has a round trip or two to go when its row is written.
DROP TRIGGER record_proposal ON public.decision;
CREATE CONSTRAINT TRIGGER record_proposal AFTER INSERT ON public.decision
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate.record_proposal();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER record_proposal;

SELECT gate.record_guards();
