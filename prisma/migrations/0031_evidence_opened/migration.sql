-- What a person has opened of an incident's evidence: one row for each person and record, kept from the first opening.
-- Where the policy asks for it, nobody approves who has not opened what the claims on the screen cite (docs/decisions/029).

CREATE TABLE public.evidence_opened (
  person_id uuid NOT NULL,
  evidence_item_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT evidence_opened_pkey PRIMARY KEY (person_id, evidence_item_id),
  CONSTRAINT evidence_opened_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT evidence_opened_evidence_item_id_fkey FOREIGN KEY (evidence_item_id) REFERENCES public.evidence_item (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT evidence_opened_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX evidence_opened_evidence_item_id_idx ON public.evidence_opened (evidence_item_id);

-- By a person, now, of a record that has come into the incident.
CREATE FUNCTION gate.check_opened() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = new.person_id;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF NOT EXISTS (SELECT FROM public.evidence_item WHERE id = new.evidence_item_id AND incident_id = new.incident_id) THEN
    PERFORM gate.refuse('G10', 'there is no such record in this incident');
  END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_opened BEFORE INSERT ON public.evidence_opened FOR EACH ROW EXECUTE FUNCTION gate.check_opened();
ALTER TABLE public.evidence_opened ENABLE ALWAYS TRIGGER check_opened;

-- No such row without its entry.
CREATE FUNCTION gate.record_opened() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM trail.write('evidence.read', 'person:' || new.person_id, new.incident_id, trail.canonical(jsonb_build_object(
    'evidenceId', e.id, 'label', 'E' || e.position, 'sha256', encode(e.raw_sha256, 'hex'))))
  FROM public.evidence_item e WHERE e.id = new.evidence_item_id;
  RETURN null;
END $$;
CREATE TRIGGER record_opened AFTER INSERT ON public.evidence_opened FOR EACH ROW EXECUTE FUNCTION gate.record_opened();
ALTER TABLE public.evidence_opened ENABLE ALWAYS TRIGGER record_opened;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.evidence_opened FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.evidence_opened ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.evidence_opened FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.evidence_opened ENABLE ALWAYS TRIGGER no_truncate;

-- The evidence that a signer is shown: cited by the front claims of the newest summary of each origin.
CREATE FUNCTION gate.cited_evidence(p_incident uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT t.evidence_id
  FROM (SELECT DISTINCT ON (origin) id FROM public.summary WHERE incident_id = p_incident ORDER BY origin, version DESC) AS s
  JOIN public.claim c ON c.summary_id = s.id JOIN public.citation t ON t.claim_id = c.id
  WHERE c.front AND t.evidence_id IS NOT NULL
$$;

-- What of it this person has not opened.
CREATE FUNCTION gate.not_opened(p_incident uuid, p_person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.id FROM gate.cited_evidence(p_incident) AS c (id)
  WHERE NOT EXISTS (SELECT FROM public.evidence_opened o WHERE o.person_id = p_person AND o.evidence_item_id = c.id)
$$;

CREATE FUNCTION gate.check_opened_by(p_incident uuid, p_person uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_left int := (SELECT count(*) FROM gate.not_opened(p_incident, p_person));
BEGIN
  IF v_left > 0 THEN PERFORM gate.refuse('G22', format('the signer has not opened the evidence that is cited: %s left', v_left)); END IF;
END $$;

-- As before, and what the policy asks a signer to have opened is opened; a rejection never needs it.
CREATE OR REPLACE FUNCTION gate.check_sign_off() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  m public.person;
  p public.policy_rule;
  v_key bytea;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = new.decision_id FOR UPDATE;
  SELECT * INTO m FROM public.person WHERE id = new.person_id FOR SHARE;
  p := gate.rule_of(d);
  new.at := clock_timestamp();
  new.role := m.role;
  IF p.kind IS NULL THEN PERFORM gate.refuse('G0', 'no rule of the policy allows this kind of decision'); END IF;
  IF d.state <> 'proposed' OR d.expires_at <= new.at THEN PERFORM gate.refuse('G1', 'the decision is not open: ' || d.state); END IF;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'the signer must be an active person'); END IF;
  IF gate.rank(m.role) < gate.rank(p.min_role) THEN PERFORM gate.refuse('G3', 'the signer''s role is too low'); END IF;
  IF p.distinct_from_proposer AND m.id = d.proposer_id THEN PERFORM gate.refuse('G4', 'the proposer may not sign'); END IF;
  IF p.distinct_from_assignee AND m.id = d.assignee_id AND new.outcome IS DISTINCT FROM 'rejected' THEN PERFORM gate.refuse('G4', 'whoever the incident is assigned to may not sign'); END IF;
  IF new.statement_sha256 IS DISTINCT FROM d.statement_sha256 THEN PERFORM gate.refuse('G5', 'another statement was signed'); END IF;
  IF p.evidence_opened AND new.outcome IS DISTINCT FROM 'rejected' THEN PERFORM gate.check_opened_by(i, m.id) FROM gate.incidents_of(d.id) AS i; END IF;
  IF new.assurance = 'passkey' THEN
    PERFORM gate.check_assertion(new, d);
    RETURN new;
  END IF;
  IF p.assurance = 'passkey' AND new.outcome IS DISTINCT FROM 'rejected' THEN PERFORM gate.refuse('G6', 'the policy asks for a passkey'); END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = m.id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || d.statement_sha256) THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
  RETURN new;
END $$;

GRANT SELECT ON public.evidence_opened TO countersign_web, countersign_worker, countersign_auditor;
GRANT INSERT (person_id, evidence_item_id, incident_id) ON public.evidence_opened TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.cited_evidence(uuid), gate.not_opened(uuid, uuid) TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
