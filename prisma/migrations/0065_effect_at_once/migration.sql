-- A signature asks the same questions as before, by fewer queries (docs/decisions/050).

-- As before. Nearly always one row fits; what several ask for is put together without starting an aggregate.
CREATE OR REPLACE FUNCTION gate.requirement(p_version int, p_kind text, p_severity text, p_types text[], p_blast_radius text) RETURNS public.policy_rule
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p public.policy_rule;
  r public.policy_rule;
  v_rules public.policy_rule[] := ARRAY(SELECT rule FROM public.policy_rule AS rule
    WHERE policy_version = p_version AND kind = p_kind
      AND (severities IS NULL OR p_severity = ANY (severities))
      AND (incident_types IS NULL OR incident_types && p_types)
      AND (blast_radii IS NULL OR p_blast_radius = ANY (blast_radii)));
BEGIN
  p := v_rules[1];
  FOR n IN 2 .. cardinality(v_rules) LOOP
    r := v_rules[n];
    p.sign_offs := greatest(p.sign_offs, r.sign_offs);
    p.lead_sign_offs := greatest(p.lead_sign_offs, r.lead_sign_offs);
    p.proposal_minutes := least(p.proposal_minutes, r.proposal_minutes);
    p.sign_off_minutes := least(p.sign_off_minutes, r.sign_off_minutes);
    IF r.min_role = 'lead' THEN p.min_role := 'lead'; END IF;
    IF r.min_proposer_role = 'lead' THEN p.min_proposer_role := 'lead'; END IF;
    IF r.assurance = 'passkey' THEN p.assurance := 'passkey'; END IF;
    p.distinct_from_proposer := p.distinct_from_proposer OR r.distinct_from_proposer;
    p.distinct_from_assignee := p.distinct_from_assignee OR r.distinct_from_assignee;
    p.claims_settled := p.claims_settled OR r.claims_settled;
    p.summary_complete := p.summary_complete OR r.summary_complete;
    p.evidence_opened := p.evidence_opened OR r.evidence_opened;
  END LOOP;
  p.policy_version := p_version;
  p.number := 0;
  p.severities := null;
  p.incident_types := null;
  p.blast_radii := null;
  IF p.kind IS NULL THEN
    p.min_role := 'analyst';
    p.min_proposer_role := 'analyst';
    p.assurance := 'password';
  END IF;
  RETURN p;
END $$;

-- As before. A person has one role, so that it is enough to count every person once.
CREATE OR REPLACE FUNCTION gate.count_sign_offs(d public.decision, p public.policy_rule) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_rank int := gate.rank(p.min_role);
  v_leads int;
  v_others int;
BEGIN
  SELECT count(DISTINCT s.person_id) FILTER (WHERE m.role = 'lead'), count(DISTINCT s.person_id) FILTER (WHERE m.role <> 'lead')
    INTO v_leads, v_others
  FROM public.sign_off s JOIN public.person m ON m.id = s.person_id LEFT JOIN public.passkey k ON k.id = s.passkey_id
  WHERE s.decision_id = d.id AND s.outcome = 'approved' AND s.statement_sha256 = d.statement_sha256
    AND m.active AND m.human AND gate.rank(m.role) >= v_rank
    AND (NOT p.distinct_from_proposer OR s.person_id <> d.proposer_id)
    AND (NOT p.distinct_from_assignee OR s.person_id IS DISTINCT FROM d.assignee_id)
    AND (p.assurance = 'password' OR s.assurance = 'passkey')
    AND k.revoked_at IS NULL
    AND s.at > clock_timestamp() - make_interval(mins => p.sign_off_minutes);
  RETURN v_leads + least(v_others, p.sign_offs - p.lead_sign_offs);
END $$;

-- As before, and evaluated at once.
CREATE OR REPLACE FUNCTION gate.is_of(p_incident uuid, p_decision uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.decision WHERE id = p_decision AND incident_id = p_incident) THEN RETURN true; END IF;
  RETURN EXISTS (SELECT FROM public.decision_incident WHERE decision_id = p_decision AND incident_id = p_incident);
END $$;

CREATE OR REPLACE FUNCTION gate.evidence_is_counted(i public.incident) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*) FROM public.evidence_item WHERE incident_id = i.id) = i.evidence_count;
END $$;

CREATE OR REPLACE FUNCTION trail.frozen_at() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT f.seq FROM trail.log_freeze f WHERE NOT EXISTS (SELECT FROM trail.log_origin o WHERE o.frozen = f.seq) ORDER BY f.seq DESC LIMIT 1);
END $$;

-- As before; the decision is locked already, with its incidents before it, by whoever concludes the sign-off.
CREATE OR REPLACE FUNCTION gate.take_effect(p_decision uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_incidents uuid[];
BEGIN
  UPDATE public.decision SET state = 'in_effect' WHERE id = p_decision RETURNING * INTO STRICT d;
  v_incidents := ARRAY[d.incident_id];
  IF d.severities IS NOT NULL THEN v_incidents := ARRAY(SELECT gate.incidents_of(p_decision)); END IF;
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

SELECT gate.record_guards();
