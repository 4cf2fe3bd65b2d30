-- Bulk closure: one statement that lists every incident it closes. `severities` are theirs; null: a decision of one incident.
-- `incident_id` is then the first of them, under which the decision is found.
ALTER TABLE public.decision
  ADD COLUMN severities text[],
  ADD CONSTRAINT decision_bulk CHECK ((severities IS NOT NULL) = (content ? 'incidents')
    AND (severities IS NULL OR (kind = 'closure' AND NOT break_glass AND jsonb_typeof(content -> 'incidents') = 'array')));

CREATE TABLE public.decision_incident (
  decision_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  position int NOT NULL,
  incident_version bigint NOT NULL,
  evidence_root bytea NOT NULL,
  claims_hash bytea NOT NULL,
  CONSTRAINT decision_incident_pkey PRIMARY KEY (decision_id, incident_id),
  CONSTRAINT decision_incident_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES public.decision (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT decision_incident_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX decision_incident_decision_id_position_key ON public.decision_incident (decision_id, position);
CREATE INDEX decision_incident_incident_id_idx ON public.decision_incident (incident_id);

-- A decision moves each of its incidents once.
DROP INDEX public.transition_decision_id_key;
CREATE UNIQUE INDEX transition_decision_id_incident_id_key ON public.transition (decision_id, incident_id);

-- The incidents as the statement lists them.
CREATE FUNCTION gate.listed(p_statement text)
RETURNS TABLE ("position" int, id uuid, number int, severity text, version bigint, evidence_count int, evidence_root bytea, claims_hash bytea)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT n::int, (m ->> 'id')::uuid, (m ->> 'number')::int, m ->> 'severity', (m ->> 'version')::bigint, (m #>> '{evidence,count}')::int,
    decode(m #>> '{evidence,root}', 'hex'), decode(m ->> 'claims', 'hex')
  FROM jsonb_array_elements(p_statement::jsonb #> '{bulk,incidents}') WITH ORDINALITY AS listed (m, n)
$$;

-- Every incident of a decision.
CREATE FUNCTION gate.incidents_of(p_decision uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT incident_id FROM public.decision WHERE id = p_decision
  UNION SELECT incident_id FROM public.decision_incident WHERE decision_id = p_decision
$$;

CREATE FUNCTION gate.is_of(p_incident uuid, p_decision uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.decision WHERE id = p_decision AND incident_id = p_incident)
    OR EXISTS (SELECT FROM public.decision_incident WHERE decision_id = p_decision AND incident_id = p_incident)
$$;

CREATE FUNCTION gate.members_as_stated(p_decision uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (
    SELECT FROM (SELECT l.* FROM public.decision d, gate.listed(d.statement) AS l WHERE d.id = p_decision) AS l
    FULL JOIN (SELECT * FROM public.decision_incident WHERE decision_id = p_decision) AS m ON m.incident_id = l.id
    WHERE (m.position, m.incident_version, m.evidence_root, m.claims_hash) IS DISTINCT FROM (l.position, l.version, l.evidence_root, l.claims_hash))
$$;

-- Nothing stands beside the statement: whoever writes these rows, together they are what it lists.
CREATE FUNCTION gate.check_members_stated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_decision uuid;
BEGIN
  FOR v_decision IN SELECT DISTINCT decision_id FROM added LOOP
    IF NOT gate.members_as_stated(v_decision) THEN PERFORM gate.refuse('G5', 'the incidents are not those that the statement lists'); END IF;
  END LOOP;
  RETURN null;
END $$;
CREATE TRIGGER members_stated AFTER INSERT ON public.decision_incident REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION gate.check_members_stated();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.decision_incident FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.decision_incident FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.decision_incident ENABLE ALWAYS TRIGGER members_stated;
ALTER TABLE public.decision_incident ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE public.decision_incident ENABLE ALWAYS TRIGGER no_truncate;

-- The rows come from the statement; and open screens of every incident hear of each move.
CREATE FUNCTION gate.follow_bulk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'INSERT' THEN
    INSERT INTO public.decision_incident (decision_id, incident_id, position, incident_version, evidence_root, claims_hash)
      SELECT new.id, l.id, l.position, l.version, l.evidence_root, l.claims_hash FROM gate.listed(new.statement) AS l;
  END IF;
  INSERT INTO public.outbox (kind, incident_id)
    SELECT 'decision.changed', m.incident_id FROM public.decision_incident m WHERE m.decision_id = new.id AND m.incident_id <> new.incident_id;
  RETURN null;
END $$;
CREATE TRIGGER bulk_proposed AFTER INSERT ON public.decision FOR EACH ROW
  WHEN (new.severities IS NOT NULL AND new.state = 'proposed') EXECUTE FUNCTION gate.follow_bulk();
CREATE TRIGGER bulk_moved AFTER UPDATE ON public.decision FOR EACH ROW
  WHEN (new.severities IS NOT NULL) EXECUTE FUNCTION gate.follow_bulk();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER bulk_proposed;
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER bulk_moved;

-- What a policy asks where several severities meet: of each value the strictest that any of them would need. Nobody may
-- close together what nobody may close alone.
CREATE FUNCTION gate.strictest(p_version int, p_kind text, p_severities text[], p_types text[], p_blast_radius text) RETURNS public.policy_rule
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p public.policy_rule := gate.requirement(p_version, p_kind, p_severities[1], p_types, p_blast_radius);
  r public.policy_rule;
BEGIN
  FOR n IN 2 .. coalesce(cardinality(p_severities), 0) LOOP
    r := gate.requirement(p_version, p_kind, p_severities[n], p_types, p_blast_radius);
    IF p.kind IS NULL OR r.kind IS NULL THEN RETURN null; END IF;
    p.sign_offs := greatest(p.sign_offs, r.sign_offs);
    p.lead_sign_offs := greatest(p.lead_sign_offs, r.lead_sign_offs);
    p.min_role := CASE WHEN 'lead' IN (p.min_role, r.min_role) THEN 'lead' ELSE p.min_role END;
    p.min_proposer_role := CASE WHEN 'lead' IN (p.min_proposer_role, r.min_proposer_role) THEN 'lead' ELSE p.min_proposer_role END;
    p.distinct_from_proposer := p.distinct_from_proposer OR r.distinct_from_proposer;
    p.distinct_from_assignee := p.distinct_from_assignee OR r.distinct_from_assignee;
    p.assurance := CASE WHEN 'passkey' IN (p.assurance, r.assurance) THEN 'passkey' ELSE p.assurance END;
    p.proposal_minutes := least(p.proposal_minutes, r.proposal_minutes);
    p.sign_off_minutes := least(p.sign_off_minutes, r.sign_off_minutes);
    p.claims_settled := p.claims_settled OR r.claims_settled;
    p.summary_complete := p.summary_complete OR r.summary_complete;
    p.evidence_opened := p.evidence_opened OR r.evidence_opened;
  END LOOP;
  RETURN p;
END $$;

-- The severities and types of several incidents, the highest severity first.
CREATE FUNCTION gate.situation_of(p_incidents uuid[], OUT severities text[], OUT types text[], OUT assignees uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT array_agg(severity ORDER BY severity_rank DESC) FROM (SELECT DISTINCT severity, severity_rank FROM public.incident WHERE id = ANY (p_incidents)) AS s),
    (SELECT coalesce(array_agg(DISTINCT t ORDER BY t), '{}') FROM unnest(p_incidents) AS i, unnest(gate.incident_types(i)) AS t),
    (SELECT array_agg(DISTINCT assignee_id) FROM public.incident WHERE id = ANY (p_incidents) AND assignee_id IS NOT NULL)
$$;

-- What closing these together would need now, as gate.requirement_now says it for one.
CREATE FUNCTION gate.requirement_together(p_incidents uuid[]) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('severities', s.severities, 'types', s.types,
    'rule', gate.rule_words(gate.strictest(gate.policy_version(), 'closure', s.severities, s.types, 'none')),
    'notAlone', (SELECT coalesce(jsonb_agg(i.id ORDER BY i.id), '[]') FROM public.incident i WHERE i.id = ANY (p_incidents)
      AND (gate.requirement(gate.policy_version(), 'closure', i.severity, gate.incident_types(i.id), 'none')).kind IS NULL))
  FROM gate.situation_of(p_incidents) AS s
$$;

CREATE OR REPLACE FUNCTION gate.rule_of(d public.decision) RETURNS public.policy_rule
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p public.policy_rule := gate.strictest(d.policy_version, d.kind, coalesce(d.severities, ARRAY[d.severity]), d.incident_types, d.blast_radius);
BEGIN
  RETURN CASE WHEN d.break_glass THEN gate.break_glass_rule(p) ELSE p END;
END $$;

-- As before, of the incident among those of the decision.
CREATE OR REPLACE FUNCTION gate.facts_hold(d public.decision, i public.incident) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT (f.incident_version, f.evidence_root, f.claims_hash) = (i.version, i.evidence_root, i.claims_hash)
    FROM (SELECT d.incident_version, d.evidence_root, d.claims_hash WHERE d.severities IS NULL
      UNION ALL SELECT m.incident_version, m.evidence_root, m.claims_hash FROM public.decision_incident m
        WHERE d.severities IS NOT NULL AND m.decision_id = d.id AND m.incident_id = i.id) AS f), false)
$$;

-- As before; a statement says of a decision by break-glass that it is one, and of no other; and of several incidents each.
CREATE OR REPLACE FUNCTION gate.statement_says(d public.decision, i public.incident) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(s ->> 'kind' = d.kind AND s -> 'content' = d.content AND d.content ->> 'kind' = d.kind
    AND s #>> '{incident,id}' = d.incident_id::text AND s #>> '{incident,version}' = d.incident_version::text
    AND s #>> '{incident,number}' = i.number::text AND s #>> '{incident,severity}' = i.severity
    AND s #>> '{evidence,count}' = i.evidence_count::text AND s #>> '{evidence,root}' = encode(d.evidence_root, 'hex') AND s #>> '{claims,hash}' = encode(d.claims_hash, 'hex')
    AND s #>> '{proposer,id}' = d.proposer_id::text AND s -> 'policy' = gate.rule_words(gate.rule_of(d)) AND s ->> 'blastRadius' = d.blast_radius
    AND (s -> 'breakGlass') IS NOT DISTINCT FROM CASE WHEN d.break_glass THEN 'true'::jsonb END
    AND CASE WHEN d.severities IS NULL THEN NOT s ? 'bulk' AND s #> '{incident,types}' = to_jsonb(d.incident_types)
      ELSE s #> '{bulk,types}' = to_jsonb(d.incident_types) AND s #> '{bulk,severities}' = to_jsonb(d.severities)
        AND d.content #>> '{incidents,0}' = d.incident_id::text
        AND (SELECT jsonb_agg(l.id ORDER BY l.position) = d.content -> 'incidents' AND count(DISTINCT l.id) = count(*)
          FROM gate.listed(d.statement) AS l) END, false)
  FROM (SELECT d.statement::jsonb AS s) AS given
$$;

-- Each incident of a bulk closure, as a closure of it alone would be checked.
CREATE FUNCTION gate.check_members(d public.decision, p public.policy_rule) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  l record;
  i public.incident;
  one public.decision := d;
BEGIN
  one.statement := (d.statement::jsonb - 'bulk')::text;
  FOR l IN SELECT * FROM gate.listed(d.statement) ORDER BY id LOOP
    SELECT * INTO i FROM public.incident WHERE id = l.id;
    IF i.id IS NULL OR (l.version, l.evidence_root, l.claims_hash) IS DISTINCT FROM (i.version, i.evidence_root, i.claims_hash) THEN
      PERFORM gate.refuse('G11', format('stale: incident %s changed', l.number));
    END IF;
    IF (l.number, l.severity, l.evidence_count) IS DISTINCT FROM (i.number, i.severity, i.evidence_count) THEN
      PERFORM gate.refuse('G5', format('the statement does not say what incident %s is', i.number));
    END IF;
    IF NOT gate.evidence_is_counted(i) THEN PERFORM gate.refuse('G11', format('stale: incident %s does not count its evidence', i.number)); END IF;
    IF NOT gate.move_is_legal(d.kind, i) THEN PERFORM gate.refuse('G14', format('no legal move for incident %s as it stands', i.number)); END IF;
    IF (gate.requirement(d.policy_version, d.kind, i.severity, gate.incident_types(i.id), d.blast_radius)).kind IS NULL THEN
      PERFORM gate.refuse('G0', format('no rule of the policy allows closing incident %s', i.number));
    END IF;
    one.incident_id := i.id;
    PERFORM gate.check_summary(one, p);
  END LOOP;
END $$;

-- Whether a decision can no longer be signed, and why; null while it can. Neither ever turns back, so that no lock is needed.
CREATE FUNCTION gate.void_as(d public.decision) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN d.expires_at <= clock_timestamp() THEN 'expired'
    WHEN d.severities IS NULL THEN (SELECT 'stale' FROM public.incident i WHERE i.id = d.incident_id AND NOT gate.facts_hold(d, i))
    WHEN EXISTS (SELECT FROM public.decision_incident m JOIN public.incident i ON i.id = m.incident_id WHERE m.decision_id = d.id
      AND (m.incident_version, m.evidence_root, m.claims_hash) IS DISTINCT FROM (i.version, i.evidence_root, i.claims_hash)) THEN 'stale' END
$$;

CREATE FUNCTION gate.settle(p_decision uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  v_state text;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = p_decision FOR UPDATE;
  IF d.state IS DISTINCT FROM 'proposed' THEN RETURN d.state; END IF;
  v_state := gate.void_as(d);
  IF v_state IS NULL THEN RETURN 'proposed'; END IF;
  UPDATE public.decision SET state = v_state WHERE id = d.id;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  PERFORM trail.write(CASE v_state WHEN 'expired' THEN 'decision.expired' ELSE 'decision.went_stale' END, 'system:gate', d.incident_id,
    gate.decision_payload(d, jsonb_build_object('incidentVersion', d.incident_version,
      'incidentVersionNow', (SELECT version FROM public.incident WHERE id = d.incident_id))
      || CASE WHEN d.severities IS NULL THEN '{}' ELSE jsonb_build_object('incidentsChanged', (SELECT coalesce(jsonb_agg(i.id ORDER BY i.id), '[]')
        FROM public.decision_incident m JOIN public.incident i ON i.id = m.incident_id WHERE m.decision_id = d.id
          AND (m.incident_version, m.evidence_root, m.claims_hash) IS DISTINCT FROM (i.version, i.evidence_root, i.claims_hash))) END));
  RETURN v_state;
END $$;

-- As before. Locks the incidents in the order of their ids, then the decision.
CREATE OR REPLACE FUNCTION gate.settle_if_void(p_decision uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM public.incident WHERE id IN (SELECT gate.incidents_of(p_decision)) ORDER BY id FOR UPDATE;
  RETURN gate.settle(p_decision);
END $$;

CREATE OR REPLACE FUNCTION gate.expire_decisions() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int;
BEGIN
  SELECT count(*) FILTER (WHERE gate.settle_if_void(d.id) <> 'proposed') INTO n
  FROM (SELECT d.id FROM public.decision d WHERE d.state = 'proposed' AND gate.void_as(d) IS NOT NULL ORDER BY d.incident_id, d.id) AS d;
  RETURN n;
END $$;

SELECT gate.record_guards();
