-- Break-glass: one lead decides alone, by passkey, and another lead reviews it afterwards (docs/decisions/027).

ALTER TABLE public.decision
  ADD COLUMN break_glass boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT decision_break_glass CHECK (NOT break_glass OR (kind IN ('escalation', 'containment', 'closure', 'reopening')
    AND (state = 'refused' OR coalesce(length(btrim(content ->> 'reason')), 0) >= 40)));
CREATE INDEX decision_break_glass_idx ON public.decision (incident_id) WHERE break_glass;

-- What was decided by break-glass and waits for, or has, its second review. The words move once, from none to all.
CREATE TABLE public.second_review (
  decision_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  due_at timestamptz(6) NOT NULL,
  reviewer_id uuid,
  outcome text,
  words text,
  at timestamptz(6),
  CONSTRAINT second_review_pkey PRIMARY KEY (decision_id),
  CONSTRAINT second_review_outcome CHECK (outcome IN ('upheld', 'objected')),
  CONSTRAINT second_review_whole CHECK (num_nonnulls(reviewer_id, outcome, words, at) IN (0, 4) AND length(btrim(words)) BETWEEN 10 AND 2000),
  CONSTRAINT second_review_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES public.decision (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT second_review_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT second_review_reviewer_id_fkey FOREIGN KEY (reviewer_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX second_review_incident_id_idx ON public.second_review (incident_id);
CREATE INDEX second_review_due_idx ON public.second_review (due_at, decision_id) WHERE at IS NULL;
CREATE INDEX second_review_given_idx ON public.second_review (at, decision_id) WHERE at IS NOT NULL;

CREATE FUNCTION gate.check_second_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  m public.person;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = new.decision_id;
  IF tg_op = 'INSERT' THEN
    IF NOT coalesce(d.break_glass AND d.state = 'in_effect', false) OR num_nonnulls(new.reviewer_id, new.outcome, new.words, new.at) > 0 THEN
      PERFORM gate.refuse('G10', 'a second review is due once a decision took effect by break-glass');
    END IF;
    new.incident_id := d.incident_id;
    new.due_at := clock_timestamp() + interval '24 hours';
    RETURN new;
  END IF;
  IF old.at IS NOT NULL THEN PERFORM gate.refuse('G1', 'the second review is given'); END IF;
  IF (new.decision_id, new.incident_id, new.due_at) IS DISTINCT FROM (old.decision_id, old.incident_id, old.due_at) THEN
    PERFORM gate.refuse('G10', 'of a second review only its words are given');
  END IF;
  SELECT * INTO m FROM public.person WHERE id = new.reviewer_id FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'the reviewer must be an active person'); END IF;
  IF gate.rank(m.role) < 2 THEN PERFORM gate.refuse('G3', 'only a lead gives a second review'); END IF;
  IF m.id = d.proposer_id OR EXISTS (SELECT FROM public.sign_off s WHERE s.decision_id = d.id AND s.person_id = m.id) THEN
    PERFORM gate.refuse('G4', 'whoever proposed or signed may not review');
  END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_second_review BEFORE INSERT OR UPDATE ON public.second_review FOR EACH ROW EXECUTE FUNCTION gate.check_second_review();
CREATE TRIGGER no_deletion BEFORE DELETE ON public.second_review FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.second_review FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();

CREATE FUNCTION gate.record_second_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE d public.decision;
BEGIN
  SELECT * INTO STRICT d FROM public.decision WHERE id = new.decision_id;
  IF tg_op = 'INSERT' THEN
    PERFORM trail.write('decision.second_review_due', 'system:gate', new.incident_id, gate.decision_payload(d,
      jsonb_build_object('dueAt', to_char(new.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))));
  ELSE
    PERFORM trail.write('decision.second_reviewed', 'person:' || new.reviewer_id, new.incident_id, gate.decision_payload(d,
      jsonb_build_object('outcome', new.outcome, 'words', new.words)));
    INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', new.incident_id);
  END IF;
  RETURN null;
END $$;
CREATE TRIGGER record_second_review AFTER INSERT OR UPDATE ON public.second_review FOR EACH ROW EXECUTE FUNCTION gate.record_second_review();
ALTER TABLE public.second_review ENABLE ALWAYS TRIGGER check_second_review;
ALTER TABLE public.second_review ENABLE ALWAYS TRIGGER no_deletion;
ALTER TABLE public.second_review ENABLE ALWAYS TRIGGER no_truncate;
ALTER TABLE public.second_review ENABLE ALWAYS TRIGGER record_second_review;

-- A lead's word on what another lead decided alone. It changes nothing else.
CREATE FUNCTION gate.give_second_review(p_decision uuid, p_person uuid, p_outcome text, p_words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.second_review SET reviewer_id = p_person, outcome = p_outcome, words = p_words, at = clock_timestamp() WHERE decision_id = p_decision;
  IF NOT FOUND THEN PERFORM gate.refuse('G10', 'no second review is due for this decision'); END IF;
END $$;

-- As before; and the trail says at each step what was decided by break-glass.
CREATE OR REPLACE FUNCTION gate.decision_payload(d public.decision, more jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('decision', d.id, 'kind', d.kind, 'reason', d.content ->> 'reason',
    'statementSha256', encode(d.statement_sha256, 'hex')) || CASE WHEN d.break_glass THEN '{"breakGlass": true}' ELSE '{}' END::jsonb || more)
$$;

-- What break-glass makes of a requirement: one lead, who may be the proposer and the assignee, by passkey, within a day.
-- What must be true of the summary stays as it was, and so does that nobody may where no rule fits.
CREATE FUNCTION gate.break_glass_rule(p public.policy_rule) RETURNS public.policy_rule
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  p.sign_offs := 1;
  p.lead_sign_offs := 1;
  p.min_role := 'lead';
  p.min_proposer_role := 'lead';
  p.distinct_from_proposer := false;
  p.distinct_from_assignee := false;
  p.assurance := 'passkey';
  p.proposal_minutes := least(p.proposal_minutes, 1440);
  RETURN p;
END $$;

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

GRANT SELECT ON public.second_review, public.decision_incident TO countersign_web, countersign_worker, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.give_second_review(uuid, uuid, text, text) TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.requirement_together(uuid[]) TO countersign_web;

SELECT gate.record_guards();
