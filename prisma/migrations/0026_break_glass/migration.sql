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

GRANT SELECT ON public.second_review TO countersign_web, countersign_worker, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.give_second_review(uuid, uuid, text, text) TO countersign_web;

SELECT gate.record_guards();
