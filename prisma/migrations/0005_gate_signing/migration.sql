-- The gate, part three: signing, and what a fully signed decision does.

-- A sign-off is by an active person of rank, not the proposer, over the exact statement, proved by their password,
-- while the decision is open. The time is the database's.
CREATE FUNCTION gate.check_sign_off() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  m public.person;
  p public.policy_rule;
  v_key bytea;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = new.decision_id FOR UPDATE;
  SELECT * INTO m FROM public.person WHERE id = new.person_id FOR SHARE;
  SELECT * INTO p FROM public.policy_rule WHERE policy_version = d.policy_version AND kind = d.kind;
  new.at := clock_timestamp();
  new.role := m.role;
  IF p.kind IS NULL THEN PERFORM gate.refuse('G0', 'no rule of the policy allows this kind of decision'); END IF;
  IF d.state <> 'proposed' OR d.expires_at <= new.at THEN PERFORM gate.refuse('G1', 'the decision is not open: ' || d.state); END IF;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'the signer must be an active person'); END IF;
  IF gate.rank(m.role) < gate.rank(p.min_role) THEN PERFORM gate.refuse('G3', 'the signer''s role is too low'); END IF;
  IF p.distinct_from_proposer AND m.id = d.proposer_id THEN PERFORM gate.refuse('G4', 'the proposer may not sign'); END IF;
  IF new.statement_sha256 IS DISTINCT FROM d.statement_sha256 THEN PERFORM gate.refuse('G5', 'another statement was signed'); END IF;
  IF new.assurance = 'password' AND p.assurance = 'passkey' THEN PERFORM gate.refuse('G6', 'the policy asks for a passkey'); END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = m.id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || d.statement_sha256) THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_sign_off BEFORE INSERT ON public.sign_off FOR EACH ROW EXECUTE FUNCTION gate.check_sign_off();
ALTER TABLE public.sign_off ENABLE ALWAYS TRIGGER check_sign_off;

-- The salt with which a person's signing key is made from their password; null for who cannot sign.
CREATE FUNCTION gate.sign_salt(p_person uuid) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT salt FROM gate.sign_key WHERE person_id = p_person
$$;

-- How many sign-offs count now: approved, over this statement, young enough, by people who still may.
CREATE FUNCTION gate.count_sign_offs(d public.decision, p public.policy_rule) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(DISTINCT s.person_id)::int
  FROM public.sign_off s JOIN public.person m ON m.id = s.person_id
  WHERE s.decision_id = d.id AND s.outcome = 'approved' AND s.statement_sha256 = d.statement_sha256
    AND m.active AND m.human AND gate.rank(m.role) >= gate.rank(p.min_role)
    AND (NOT p.distinct_from_proposer OR s.person_id <> d.proposer_id)
    AND (p.assurance = 'password' OR s.assurance = 'passkey')
    AND s.at > clock_timestamp() - make_interval(mins => p.sign_off_minutes)
$$;

-- Signs or rejects. With enough signatures the decision takes effect in the same call.
-- Returns {"state": "in_effect" | "proposed" | "rejected" | "expired" | "stale", "signOffs": n, "needed": n}; a repeated
-- call by the same person returns the present state with "code": "already_signed". Refusals are raised with their guard.
CREATE FUNCTION gate.sign_decision(p_decision uuid, p_person uuid, p_outcome text, p_statement_sha256 bytea, p_proof bytea, p_reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  p public.policy_rule;
  v_state text := gate.settle_if_void(p_decision);
  v_id uuid := gate.uuid_v7();
  v_count int;
BEGIN
  IF v_state IS NULL THEN PERFORM gate.refuse('G1', 'there is no such decision'); END IF;
  IF EXISTS (SELECT FROM public.sign_off WHERE decision_id = p_decision AND person_id = p_person) THEN
    RETURN jsonb_build_object('state', v_state, 'code', 'already_signed');
  END IF;
  SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_build_object('state', v_state); END IF;
  INSERT INTO public.sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, proof, reason, at)
    VALUES (v_id, p_decision, p_person, '', p_outcome, p_statement_sha256, 'password', p_proof, p_reason, clock_timestamp());
  PERFORM gate.record_sign_off(d, v_id);
  IF p_outcome = 'rejected' THEN
    UPDATE public.decision SET state = 'rejected' WHERE id = d.id;
    INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
    RETURN jsonb_build_object('state', 'rejected');
  END IF;
  SELECT * INTO p FROM public.policy_rule WHERE policy_version = d.policy_version AND kind = d.kind;
  v_count := gate.count_sign_offs(d, p);
  IF v_count >= p.sign_offs THEN PERFORM gate.take_effect(d.id); END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  RETURN jsonb_build_object('state', CASE WHEN v_count >= p.sign_offs THEN 'in_effect' ELSE 'proposed' END,
    'signOffs', v_count, 'needed', p.sign_offs);
END $$;

CREATE FUNCTION gate.record_sign_off(d public.decision, p_sign_off uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s public.sign_off;
BEGIN
  SELECT * INTO STRICT s FROM public.sign_off WHERE id = p_sign_off;
  PERFORM trail.write(CASE s.outcome WHEN 'approved' THEN 'decision.signed' ELSE 'decision.rejected' END,
    'person:' || s.person_id, d.incident_id,
    gate.decision_payload(d, jsonb_build_object('signOff', s.id, 'outcome', s.outcome, 'role', s.role, 'assurance', s.assurance,
      'reason', coalesce(s.reason, d.content ->> 'reason'))));
END $$;

-- Carries a decision out. Everything is checked again, at commit by part four and here as soon as it is done.
CREATE FUNCTION gate.take_effect(p_decision uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  i public.incident;
  v_to text;
BEGIN
  SELECT * INTO STRICT i FROM public.incident WHERE id = (SELECT incident_id FROM public.decision WHERE id = p_decision) FOR UPDATE;
  SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision FOR UPDATE;
  v_to := CASE d.kind WHEN 'closure' THEN 'closed' WHEN 'reopening' THEN 'in_progress' ELSE i.status END;
  UPDATE public.decision SET state = 'in_effect' WHERE id = d.id;
  INSERT INTO public.transition (incident_id, from_version, decision_id, kind, from_status, to_status)
    VALUES (i.id, i.version, d.id, d.kind, i.status, v_to);
  UPDATE public.incident SET
    status = v_to,
    escalated_by = CASE d.kind WHEN 'escalation' THEN d.id ELSE escalated_by END,
    contained_by = CASE d.kind WHEN 'containment' THEN d.id ELSE contained_by END,
    closed_by = CASE d.kind WHEN 'closure' THEN d.id WHEN 'reopening' THEN null ELSE closed_by END,
    closed_at = CASE d.kind WHEN 'closure' THEN clock_timestamp() WHEN 'reopening' THEN null ELSE closed_at END,
    last_activity_at = clock_timestamp()
  WHERE id = i.id;
  IF d.kind = 'containment' THEN
    INSERT INTO public.response_run (id, decision_id, action, target, outcome)
    SELECT gate.uuid_v7(), d.id, a ->> 'action', a ->> 'target', 'unknown' FROM jsonb_array_elements(d.content -> 'actions') AS a;
  END IF;
  SET CONSTRAINTS public.incident_gate, public.transition_gate IMMEDIATE;
  SET CONSTRAINTS public.incident_gate, public.transition_gate DEFERRED;
  PERFORM trail.write('decision.took_effect', 'system:gate', d.incident_id,
    gate.decision_payload(d, jsonb_build_object('content', d.content, 'fromStatus', i.status, 'toStatus', v_to,
      'fromVersion', i.version, 'policyVersion', d.policy_version,
      'signOffs', (SELECT jsonb_agg(s.id ORDER BY s.at, s.id) FROM public.sign_off s WHERE s.decision_id = d.id))));
END $$;

-- Takes back one's own open proposal. Returns {"state": ...}.
CREATE FUNCTION gate.withdraw_decision(p_decision uuid, p_person uuid, p_reason text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_state text := gate.settle_if_void(p_decision);
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = p_decision;
  IF d.proposer_id IS DISTINCT FROM p_person THEN PERFORM gate.refuse('G4', 'only the proposer may withdraw a proposal'); END IF;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_build_object('state', v_state); END IF;
  IF v_state <> 'proposed' THEN PERFORM gate.refuse('G1', 'the decision is not open: ' || v_state); END IF;
  UPDATE public.decision SET state = 'withdrawn' WHERE id = d.id;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  PERFORM trail.write('decision.withdrawn', 'person:' || p_person, d.incident_id,
    gate.decision_payload(d, jsonb_build_object('reason', coalesce(p_reason, d.content ->> 'reason'))));
  RETURN jsonb_build_object('state', 'withdrawn');
END $$;

-- Moves between the statuses that need no signature; returns the incident's new version.
CREATE FUNCTION gate.set_work_status(p_incident uuid, p_person uuid, p_status text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i public.incident;
  v_version bigint;
BEGIN
  PERFORM gate.require_worker_of_desk(p_person);
  SELECT * INTO i FROM public.incident WHERE id = p_incident FOR UPDATE;
  IF i.id IS NULL OR i.merged_into_id IS NOT NULL OR i.status = 'closed' OR i.status = p_status
    OR p_status IS NULL OR p_status NOT IN ('new', 'in_progress', 'on_hold')
  THEN
    PERFORM gate.refuse('G14', format('no move without a signature from %s to %s', coalesce(i.status, 'nothing'), coalesce(p_status, 'nothing')));
  END IF;
  UPDATE public.incident SET status = p_status, last_activity_at = clock_timestamp() WHERE id = i.id RETURNING version INTO v_version;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('incident.changed', i.id);
  PERFORM trail.write('incident.status_changed', 'person:' || p_person, i.id,
    trail.canonical(jsonb_build_object('from', i.status, 'to', p_status)));
  RETURN v_version;
END $$;

CREATE FUNCTION gate.require_worker_of_desk(p_person uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = p_person;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF gate.rank(m.role) < 1 THEN PERFORM gate.refuse('G3', 'the role may not do this'); END IF;
END $$;

-- What came of a response action. No person: the responder that carried it out.
CREATE FUNCTION gate.record_response(p_run uuid, p_person uuid, p_outcome text, p_detail text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r public.response_run;
  d public.decision;
BEGIN
  IF p_person IS NOT NULL THEN PERFORM gate.require_worker_of_desk(p_person); END IF;
  UPDATE public.response_run SET outcome = p_outcome, detail = p_detail, at = clock_timestamp() WHERE id = p_run RETURNING * INTO r;
  IF r.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such response'); END IF;
  SELECT * INTO STRICT d FROM public.decision WHERE id = r.decision_id;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  PERFORM trail.write('response.' || CASE p_outcome WHEN 'unknown' THEN 'recorded' ELSE p_outcome END,
    CASE WHEN p_person IS NULL THEN 'system:responder' ELSE 'person:' || p_person END, d.incident_id,
    trail.canonical(jsonb_build_object('run', r.id, 'decision', d.id, 'action', r.action, 'target', r.target, 'outcome', r.outcome, 'detail', r.detail)));
END $$;
