-- The gate, part two: a decision as it is proposed, and the few moves it may make.

CREATE FUNCTION gate.refuse(p_guard text, p_sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% %', p_guard, p_sentence USING ERRCODE = CASE p_guard WHEN 'G11' THEN '40001' ELSE '42501' END;
END $$;

CREATE FUNCTION gate.rank(p_role text) RETURNS int
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_role WHEN 'analyst' THEN 1 WHEN 'lead' THEN 2 ELSE 0 END
$$;

CREATE FUNCTION gate.policy_version() RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(policy_version) FROM public.policy_rule
$$;

-- What went into the trail about a decision; `more` adds to it.
CREATE FUNCTION gate.decision_payload(d public.decision, more jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('decision', d.id, 'kind', d.kind, 'reason', d.content ->> 'reason',
    'statementSha256', encode(d.statement_sha256, 'hex')) || more)
$$;

CREATE FUNCTION gate.facts_hold(d public.decision, i public.incident) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((d.incident_version, d.evidence_root, d.claims_hash) = (i.version, i.evidence_root, i.claims_hash), false)
$$;

-- Does the incident hold exactly the records it counts? One slipped in beside the count would be under no root that was signed.
CREATE FUNCTION gate.evidence_is_counted(i public.incident) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*) FROM public.evidence_item WHERE incident_id = i.id) = i.evidence_count
$$;

-- The statement is what people read and sign: every fact of the row must be in it, as it is in the row.
CREATE FUNCTION gate.statement_says(d public.decision, i public.incident) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(s ->> 'kind' = d.kind AND s -> 'content' = d.content AND d.content ->> 'kind' = d.kind
    AND s #>> '{incident,id}' = d.incident_id::text AND s #>> '{incident,version}' = d.incident_version::text
    AND s #>> '{incident,number}' = i.number::text AND s #>> '{incident,severity}' = i.severity
    AND s #>> '{evidence,count}' = i.evidence_count::text AND s #>> '{evidence,root}' = encode(d.evidence_root, 'hex') AND s #>> '{claims,hash}' = encode(d.claims_hash, 'hex')
    AND s #>> '{proposer,id}' = d.proposer_id::text AND s #>> '{policy,version}' = d.policy_version::text, false)
  FROM (SELECT d.statement::jsonb AS s) AS given
$$;

-- Is this kind of decision a legal move for the incident as it stands?
CREATE FUNCTION gate.move_is_legal(p_kind text, i public.incident) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.id IS NOT NULL AND i.merged_into_id IS NULL AND CASE p_kind
    WHEN 'reopening' THEN i.status = 'closed'
    WHEN 'escalation' THEN i.status <> 'closed' AND i.escalated_by IS NULL
    ELSE i.status <> 'closed' END
$$;

CREATE FUNCTION gate.check_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i public.incident;
  p public.policy_rule;
  proposer public.person;
BEGIN
  new.proposed_at := clock_timestamp();
  IF new.state NOT IN ('proposed', 'refused') THEN PERFORM gate.refuse('G1', 'a decision begins as proposed or refused'); END IF;
  IF new.statement_sha256 IS DISTINCT FROM sha256(convert_to(new.statement, 'UTF8')) THEN
    PERFORM gate.refuse('G5', 'the hash is not the statement''s');
  END IF;
  SELECT * INTO i FROM public.incident WHERE id = new.incident_id FOR UPDATE;
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
  SELECT * INTO p FROM public.policy_rule WHERE policy_version = gate.policy_version() AND kind = new.kind;
  IF p.kind IS NULL THEN PERFORM gate.refuse('G0', 'no rule of the policy allows this kind of decision'); END IF;
  IF new.policy_version <> p.policy_version THEN PERFORM gate.refuse('G11', 'stale: the policy changed'); END IF;
  new.expires_at := new.proposed_at + make_interval(mins => p.proposal_minutes);
  IF NOT gate.facts_hold(new, i) THEN PERFORM gate.refuse('G11', 'stale: the incident changed'); END IF;
  IF NOT gate.evidence_is_counted(i) THEN PERFORM gate.refuse('G11', 'stale: the incident does not count its evidence'); END IF;
  IF NOT gate.move_is_legal(new.kind, i) THEN PERFORM gate.refuse('G14', 'no legal move for the incident as it stands'); END IF;
  IF NOT gate.statement_says(new, i) THEN PERFORM gate.refuse('G5', 'the statement does not say what the decision holds'); END IF;
  -- An older proposal that can no longer be signed must not stand in the way of this one.
  PERFORM gate.settle_if_void(d.id) FROM public.decision d
    WHERE d.incident_id = new.incident_id AND d.kind = new.kind AND d.state = 'proposed';
  RETURN new;
END $$;
CREATE TRIGGER check_proposal BEFORE INSERT ON public.decision FOR EACH ROW EXECUTE FUNCTION gate.check_proposal();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER check_proposal;

CREATE FUNCTION gate.record_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM trail.write('decision.' || new.state, 'person:' || new.proposer_id, new.incident_id,
    gate.decision_payload(new, jsonb_build_object('statement', new.statement, 'content', new.content, 'policyVersion', new.policy_version,
      'incidentVersion', new.incident_version, 'expiresAt', to_char(new.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
      || CASE new.state WHEN 'refused' THEN jsonb_build_object('reasons', new.reasons) ELSE '{}' END));
  RETURN null;
END $$;
CREATE TRIGGER record_proposal AFTER INSERT ON public.decision FOR EACH ROW EXECUTE FUNCTION gate.record_proposal();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER record_proposal;

-- Of a decision only its state moves, once, and away from `proposed`.
CREATE FUNCTION gate.check_decision_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (to_jsonb(new) - 'state' - 'settled_at') IS DISTINCT FROM (to_jsonb(old) - 'state' - 'settled_at')
    OR old.state <> 'proposed' OR new.state NOT IN ('in_effect', 'rejected', 'withdrawn', 'expired', 'stale')
  THEN
    PERFORM gate.refuse('G10', 'a decision is fixed once it is proposed');
  END IF;
  new.settled_at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_decision_move BEFORE UPDATE ON public.decision FOR EACH ROW EXECUTE FUNCTION gate.check_decision_move();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER check_decision_move;

-- Settles a decision into `expired` or `stale` when that is what it is, and returns its state. Locks incident, then decision.
CREATE FUNCTION gate.settle_if_void(p_decision uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  i public.incident;
  v_state text;
BEGIN
  SELECT * INTO i FROM public.incident WHERE id = (SELECT incident_id FROM public.decision WHERE id = p_decision) FOR UPDATE;
  SELECT * INTO d FROM public.decision WHERE id = p_decision FOR UPDATE;
  IF d.state IS DISTINCT FROM 'proposed' THEN RETURN d.state; END IF;
  v_state := CASE WHEN d.expires_at <= clock_timestamp() THEN 'expired' WHEN NOT gate.facts_hold(d, i) THEN 'stale' END;
  IF v_state IS NULL THEN RETURN 'proposed'; END IF;
  UPDATE public.decision SET state = v_state WHERE id = d.id;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  PERFORM trail.write(CASE v_state WHEN 'expired' THEN 'decision.expired' ELSE 'decision.went_stale' END, 'system:gate', d.incident_id,
    gate.decision_payload(d, jsonb_build_object('incidentVersion', d.incident_version, 'incidentVersionNow', i.version)));
  RETURN v_state;
END $$;

-- For the worker: settles every open decision that has expired or gone stale; returns how many.
CREATE FUNCTION gate.expire_decisions() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int;
BEGIN
  SELECT count(*) FILTER (WHERE gate.settle_if_void(d.id) <> 'proposed') INTO n
  FROM (SELECT d.id FROM public.decision d JOIN public.incident i ON i.id = d.incident_id
    WHERE d.state = 'proposed' AND (d.expires_at <= clock_timestamp() OR NOT gate.facts_hold(d, i)) ORDER BY d.incident_id, d.id) AS d;
  RETURN n;
END $$;
