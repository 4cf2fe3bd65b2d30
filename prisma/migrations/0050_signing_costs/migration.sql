-- A signature asks the same questions as before, of the same rows and under the same locks, in fewer and cheaper
-- statements (docs/decisions/041).

-- Plain expressions, as before: in this language each is evaluated at once, where the other starts a query for it.
CREATE OR REPLACE FUNCTION gate.rank(p_role text) RETURNS int
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE p_role WHEN 'analyst' THEN 1 WHEN 'lead' THEN 2 ELSE 0 END;
END $$;

CREATE OR REPLACE FUNCTION gate.uuid_v7() RETURNS uuid
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
    substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;
END $$;

CREATE OR REPLACE FUNCTION gate.facts_differ(a public.incident, b public.incident) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (a.severity, a.status, a.verdict, a.evidence_count, a.evidence_root, a.claims_hash, a.escalated_by, a.contained_by, a.closed_by, a.merged_into_id)
    IS DISTINCT FROM (b.severity, b.status, b.verdict, b.evidence_count, b.evidence_root, b.claims_hash, b.escalated_by, b.contained_by, b.closed_by, b.merged_into_id);
END $$;

CREATE OR REPLACE FUNCTION gate.change_fits(a public.incident, b public.incident, t public.transition) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN t.from_status = a.status AND t.to_status = b.status
    AND (b.escalated_by IS NOT DISTINCT FROM CASE t.kind WHEN 'escalation' THEN t.decision_id ELSE a.escalated_by END)
    AND (b.contained_by IS NOT DISTINCT FROM CASE t.kind WHEN 'containment' THEN t.decision_id ELSE a.contained_by END)
    AND (b.closed_by IS NOT DISTINCT FROM CASE t.kind WHEN 'closure' THEN t.decision_id WHEN 'reopening' THEN null ELSE a.closed_by END)
    AND (t.kind IN ('closure', 'reopening') OR b.closed_at IS NOT DISTINCT FROM a.closed_at);
END $$;

CREATE OR REPLACE FUNCTION gate.decision_payload(d public.decision, more jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN trail.canonical(jsonb_build_object('decision', d.id, 'kind', d.kind, 'reason', d.content ->> 'reason',
    'statementSha256', encode(d.statement_sha256, 'hex')) || CASE WHEN d.break_glass THEN '{"breakGlass": true}' ELSE '{}' END::jsonb || more);
END $$;

CREATE OR REPLACE FUNCTION trail.is_of_models(p_kind text, p_actor text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN p_actor LIKE 'model:%'
    OR split_part(p_kind, '.', 1) IN ('model_run', 'run', 'question', 'draft', 'summary', 'claim', 'report', 'note', 'prompt', 'model_config', 'evaluation', 'model');
END $$;

CREATE OR REPLACE FUNCTION public.mailed_by_default(p_kind text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN p_kind NOT IN ('decision.signed', 'decision.took_effect');
END $$;

-- As before; there are two roles a rule can ask for, so the higher is asked for when any of its rows does.
CREATE OR REPLACE FUNCTION gate.requirement(p_version int, p_kind text, p_severity text, p_types text[], p_blast_radius text) RETURNS public.policy_rule
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT ROW(p_version, max(kind), max(sign_offs), CASE WHEN bool_or(min_role = 'lead') THEN 'lead' ELSE 'analyst' END,
    bool_or(distinct_from_proposer), CASE WHEN bool_or(assurance = 'passkey') THEN 'passkey' ELSE 'password' END,
    min(proposal_minutes), min(sign_off_minutes), 0, null, null, null,
    CASE WHEN bool_or(min_proposer_role = 'lead') THEN 'lead' ELSE 'analyst' END, max(lead_sign_offs),
    bool_or(distinct_from_assignee), bool_or(claims_settled), bool_or(summary_complete), bool_or(evidence_opened))::public.policy_rule
  FROM public.policy_rule
  WHERE policy_version = p_version AND kind = p_kind
    AND (severities IS NULL OR p_severity = ANY (severities))
    AND (incident_types IS NULL OR incident_types && p_types)
    AND (blast_radii IS NULL OR p_blast_radius = ANY (blast_radii))
$$;

-- As before; the rows of many incidents are read only for a decision about many.
CREATE OR REPLACE FUNCTION gate.facts_hold(d public.decision, i public.incident) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF d.severities IS NULL THEN
    RETURN coalesce((d.incident_version, d.evidence_root, d.claims_hash) = (i.version, i.evidence_root, i.claims_hash), false);
  END IF;
  RETURN coalesce((SELECT (m.incident_version, m.evidence_root, m.claims_hash) = (i.version, i.evidence_root, i.claims_hash)
    FROM public.decision_incident m WHERE m.decision_id = d.id AND m.incident_id = i.id), false);
END $$;

CREATE OR REPLACE FUNCTION gate.void_as(d public.decision) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_incident public.incident;
BEGIN
  IF d.expires_at <= clock_timestamp() THEN RETURN 'expired'; END IF;
  IF d.severities IS NULL THEN
    SELECT * INTO v_incident FROM public.incident WHERE id = d.incident_id;
    RETURN CASE WHEN v_incident.id IS NOT NULL AND NOT gate.facts_hold(d, v_incident) THEN 'stale' END;
  END IF;
  RETURN CASE WHEN EXISTS (SELECT FROM public.decision_incident m JOIN public.incident i ON i.id = m.incident_id WHERE m.decision_id = d.id
    AND (m.incident_version, m.evidence_root, m.claims_hash) IS DISTINCT FROM (i.version, i.evidence_root, i.claims_hash)) THEN 'stale' END;
END $$;

-- As before; one severity is asked of the policy at once.
CREATE OR REPLACE FUNCTION gate.rule_of(d public.decision) RETURNS public.policy_rule
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p public.policy_rule;
BEGIN
  IF d.severities IS NULL THEN
    p := gate.requirement(d.policy_version, d.kind, d.severity, d.incident_types, d.blast_radius);
  ELSE
    p := gate.strictest(d.policy_version, d.kind, d.severities, d.incident_types, d.blast_radius);
  END IF;
  IF d.break_glass THEN RETURN gate.break_glass_rule(p); END IF;
  RETURN p;
END $$;

-- Locks what a decision is about, in the order of the ids, and then the decision; returns it as it stands then.
CREATE FUNCTION gate.lock_decision(d public.decision) RETURNS public.decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF d.severities IS NULL THEN
    PERFORM FROM public.incident WHERE id = d.incident_id FOR UPDATE;
  ELSE
    PERFORM FROM public.incident WHERE id IN (SELECT gate.incidents_of(d.id)) ORDER BY id FOR UPDATE;
  END IF;
  SELECT * INTO d FROM public.decision WHERE id = d.id FOR UPDATE;
  RETURN d;
END $$;

-- As before, byte for byte: every column but the state and its time is what it was.
CREATE OR REPLACE FUNCTION gate.check_decision_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_as_it_was public.decision := new;
BEGIN
  v_as_it_was.state := old.state;
  v_as_it_was.settled_at := old.settled_at;
  IF v_as_it_was *<> old OR old.state <> 'proposed' OR new.state NOT IN ('in_effect', 'rejected', 'withdrawn', 'expired', 'stale') THEN
    PERFORM gate.refuse('G10', 'a decision is fixed once it is proposed');
  END IF;
  new.settled_at := clock_timestamp();
  RETURN new;
END $$;

-- As before, in one statement.
CREATE OR REPLACE FUNCTION gate.tell(p_event public.notice_event, p_people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  p_event.id := gate.uuid_v7();
  p_event.at := clock_timestamp();
  WITH event AS (INSERT INTO public.notice_event SELECT p_event.*),
    told AS MATERIALIZED (SELECT DISTINCT person_id FROM unnest(p_people) AS person_id),
    notices AS (INSERT INTO public.notice (person_id, event_id, at) SELECT person_id, p_event.id, p_event.at FROM told)
  INSERT INTO public.notice_delivery (id, event_id, person_id, due_at)
    SELECT gate.uuid_v7(), p_event.id, told.person_id, p_event.at FROM told
      LEFT JOIN public.notice_wish w ON w.person_id = told.person_id AND w.kind = p_event.kind
      WHERE coalesce(w.by_mail, public.mailed_by_default(p_event.kind))
    UNION ALL SELECT gate.uuid_v7(), p_event.id, null, p_event.at;
END $$;

CREATE OR REPLACE FUNCTION gate.notice_of_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_proposer uuid;
BEGIN
  SELECT proposer_id INTO v_proposer FROM public.decision WHERE id = new.decision_id AND state = 'proposed';
  IF FOUND THEN PERFORM gate.give_notice('decision.signed', new.decision_id, null, new.person_id, ARRAY[v_proposer]); END IF;
  RETURN null;
END $$;

SELECT gate.record_guards();
