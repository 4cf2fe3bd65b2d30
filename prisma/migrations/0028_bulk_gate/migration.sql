-- The gate over one incident or many: proposing, what is checked at commit, and the effect.

-- As before; of several incidents each is checked, and none may have a closure open.
CREATE OR REPLACE FUNCTION gate.check_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i public.incident;
  p public.policy_rule;
  proposer public.person;
  v_bulk boolean := new.content ? 'incidents';
  v_incidents uuid[];
  v_open uuid[];
  v_situation record;
BEGIN
  new.proposed_at := clock_timestamp();
  IF new.state NOT IN ('proposed', 'refused') THEN PERFORM gate.refuse('G1', 'a decision begins as proposed or refused'); END IF;
  IF new.statement_sha256 IS DISTINCT FROM sha256(convert_to(new.statement, 'UTF8')) THEN
    PERFORM gate.refuse('G5', 'the hash is not the statement''s');
  END IF;
  v_incidents := ARRAY[new.incident_id];
  IF v_bulk THEN
    IF jsonb_typeof(new.content -> 'incidents') <> 'array' OR jsonb_array_length(new.content -> 'incidents') NOT BETWEEN 1 AND 500 THEN
      PERFORM gate.refuse('G14', 'a closure lists 1 to 500 incidents');
    END IF;
    v_incidents := v_incidents || ARRAY(SELECT id::uuid FROM jsonb_array_elements_text(new.content -> 'incidents') AS id);
  END IF;
  PERFORM FROM public.incident WHERE id = ANY (v_incidents) ORDER BY id FOR UPDATE;
  SELECT * INTO i FROM public.incident WHERE id = new.incident_id;
  SELECT * INTO v_situation FROM gate.situation_of(v_incidents);
  new.severity := v_situation.severities[1];
  new.severities := CASE WHEN v_bulk THEN v_situation.severities END;
  new.incident_types := v_situation.types;
  new.blast_radius := gate.blast_radius(new.content);
  new.assignee_id := v_situation.assignees[1];
  SELECT * INTO proposer FROM public.person WHERE id = new.proposer_id;
  IF proposer.id IS NULL OR NOT proposer.active OR NOT proposer.human THEN
    PERFORM gate.refuse('G2', 'the proposer must be an active person');
  END IF;
  IF new.state = 'refused' THEN
    IF jsonb_typeof(new.reasons) <> 'array' OR jsonb_array_length(new.reasons) = 0 THEN
      PERFORM gate.refuse('G1', 'a refused decision names its reasons');
    END IF;
    new.expires_at := new.proposed_at;
    new.settled_at := new.proposed_at;
    RETURN new;
  END IF;
  new.settled_at := null;
  IF gate.rank(proposer.role) < 1 THEN PERFORM gate.refuse('G3', 'the proposer''s role may not propose'); END IF;
  IF new.policy_version IS DISTINCT FROM gate.policy_version() THEN PERFORM gate.refuse('G11', 'stale: the policy changed'); END IF;
  p := gate.rule_of(new);
  IF p.kind IS NULL THEN PERFORM gate.refuse('G0', 'no rule of the policy allows this kind of decision'); END IF;
  IF gate.rank(proposer.role) < gate.rank(p.min_proposer_role) THEN PERFORM gate.refuse('G3', 'the proposer''s role is too low'); END IF;
  -- One signer is kept from signing by one assignee: with more of them nobody could tell who may.
  IF p.distinct_from_assignee AND cardinality(v_situation.assignees) > 1 THEN
    PERFORM gate.refuse('G4', 'the incidents are assigned to several people');
  END IF;
  new.expires_at := new.proposed_at + make_interval(mins => p.proposal_minutes);
  IF (new.incident_version, new.evidence_root, new.claims_hash) IS DISTINCT FROM (i.version, i.evidence_root, i.claims_hash) THEN
    PERFORM gate.refuse('G11', 'stale: the incident changed');
  END IF;
  IF NOT gate.evidence_is_counted(i) THEN PERFORM gate.refuse('G11', 'stale: the incident does not count its evidence'); END IF;
  IF NOT gate.move_is_legal(new.kind, i) THEN PERFORM gate.refuse('G14', 'no legal move for the incident as it stands'); END IF;
  IF NOT gate.statement_says(new, i) THEN PERFORM gate.refuse('G5', 'the statement does not say what the decision holds'); END IF;
  IF v_bulk THEN PERFORM gate.check_members(new, p); ELSE PERFORM gate.check_summary(new, p); END IF;
  -- An older proposal that can no longer be signed must not stand in the way of this one. A bulk closure reaches beyond
  -- the incidents that are locked here; what is void stays void, so that its other incidents need no lock.
  v_open := ARRAY(SELECT id FROM public.decision WHERE incident_id = ANY (v_incidents) AND kind = new.kind AND state = 'proposed'
    UNION SELECT m.decision_id FROM public.decision_incident m JOIN public.decision d ON d.id = m.decision_id
      WHERE m.incident_id = ANY (v_incidents) AND d.kind = new.kind AND d.state = 'proposed' ORDER BY 1);
  PERFORM FROM public.decision WHERE id = ANY (v_open) ORDER BY id FOR UPDATE;
  PERFORM gate.settle(id) FROM unnest(v_open) AS id;
  IF EXISTS (SELECT FROM public.decision WHERE id = ANY (v_open) AND state = 'proposed' AND (v_bulk OR severities IS NOT NULL)) THEN
    PERFORM gate.refuse('G14', 'another closure of one of the incidents is open');
  END IF;
  RETURN new;
END $$;

-- A transition is of an incident of its decision.
CREATE FUNCTION gate.check_transition_of() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT gate.is_of(new.incident_id, new.decision_id) THEN PERFORM gate.refuse('G10', 'the wrong decision'); END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_transition_of BEFORE INSERT ON public.transition FOR EACH ROW EXECUTE FUNCTION gate.check_transition_of();
ALTER TABLE public.transition ENABLE ALWAYS TRIGGER check_transition_of;

-- As before, of each incident of the decision.
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
  IF NOT gate.is_of(new.id, d.id) OR (d.kind, d.state) IS DISTINCT FROM (t.kind, 'in_effect') THEN
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

-- As before, of every incident of the decision; one by break-glass leaves its second review behind.
CREATE OR REPLACE FUNCTION gate.take_effect(p_decision uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  t public.transition;
  v_incidents uuid[] := ARRAY(SELECT gate.incidents_of(p_decision));
  v_payload jsonb;
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
  v_payload := gate.decision_payload(d, jsonb_build_object('content', d.content - 'incidents', 'policyVersion', d.policy_version,
    'signOffs', (SELECT jsonb_agg(s.id ORDER BY s.at, s.id) FROM public.sign_off s WHERE s.decision_id = d.id))
    || CASE WHEN d.severities IS NULL THEN '{}' ELSE jsonb_build_object('together', cardinality(v_incidents), 'proposedUnder', d.incident_id) END)::jsonb;
  FOR t IN SELECT * FROM public.transition WHERE decision_id = d.id ORDER BY incident_id LOOP
    PERFORM trail.write('decision.took_effect', 'system:gate', t.incident_id,
      trail.canonical(v_payload || jsonb_build_object('fromStatus', t.from_status, 'toStatus', t.to_status, 'fromVersion', t.from_version)));
  END LOOP;
  IF d.break_glass THEN INSERT INTO public.second_review (decision_id) VALUES (d.id); END IF;
END $$;

-- As before: every incident of a decision in effect has its transition, and nothing is decided by break-glass without its
-- second review.
CREATE OR REPLACE FUNCTION gate.check_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM gate.incidents_of(new.id) AS i WHERE NOT EXISTS (SELECT FROM public.transition t WHERE t.decision_id = new.id AND t.incident_id = i)) THEN
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

GRANT SELECT ON public.decision_incident TO countersign_web, countersign_worker, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.requirement_together(uuid[]) TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.void_as(public.decision) TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
