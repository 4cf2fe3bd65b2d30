-- Where a person overruled the model, or the gate or a signer a proposal: one row each, written with what happened, and what
-- leads say of it (docs/decisions/059).

CREATE TABLE public.override (
  id uuid NOT NULL, -- the review's or the decision's own
  kind text NOT NULL CONSTRAINT override_kind CHECK (kind IN ('disputed', 'corrected', 'refused', 'rejected')),
  incident_id uuid NOT NULL,
  person_id uuid NOT NULL, -- who reviewed or rejected; of a refusal, whose proposal it was
  proposer_id uuid,
  review_id uuid,
  decision_id uuid,
  model text, -- what wrote the claim: a model's id, or `rules/1`
  prompt_version_id uuid,
  at timestamptz(6) NOT NULL,
  judged_at timestamptz(6), -- the first word of a lead; set once, by trigger
  CONSTRAINT override_pkey PRIMARY KEY (id),
  CONSTRAINT override_of CHECK (num_nonnulls(review_id, decision_id) = 1 AND id = coalesce(review_id, decision_id)
    AND (kind IN ('disputed', 'corrected')) = (review_id IS NOT NULL)),
  CONSTRAINT override_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT override_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT override_proposer_id_fkey FOREIGN KEY (proposer_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT override_review_id_fkey FOREIGN KEY (review_id) REFERENCES public.claim_review (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT override_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES public.decision (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT override_prompt_version_id_fkey FOREIGN KEY (prompt_version_id) REFERENCES public.prompt_version (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX override_at_id_idx ON public.override (at DESC, id DESC);
CREATE INDEX override_kind_at_id_idx ON public.override (kind, at DESC, id DESC);
CREATE INDEX override_person_id_at_id_idx ON public.override (person_id, at DESC, id DESC);
CREATE INDEX override_incident_id_at_id_idx ON public.override (incident_id, at DESC, id DESC);
CREATE INDEX override_model_at_id_idx ON public.override (model, at DESC, id DESC);
CREATE INDEX override_prompt_version_id_at_id_idx ON public.override (prompt_version_id, at DESC, id DESC);
CREATE INDEX override_unjudged ON public.override (at DESC, id DESC) WHERE judged_at IS NULL;
CREATE INDEX override_judged ON public.override (at DESC, id DESC) WHERE judged_at IS NOT NULL;

-- A later word of a lead stands beside the earlier ones; the newest counts.
CREATE TABLE public.override_verdict (
  id uuid NOT NULL,
  override_id uuid NOT NULL,
  person_id uuid NOT NULL,
  outcome text NOT NULL CONSTRAINT override_verdict_outcome CHECK (outcome IN ('agree', 'partly', 'disagree')),
  note text NOT NULL CONSTRAINT override_verdict_note CHECK (length(note) <= 2000 AND (outcome = 'agree' OR length(btrim(note)) > 0)),
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT override_verdict_pkey PRIMARY KEY (id),
  CONSTRAINT override_verdict_override_id_fkey FOREIGN KEY (override_id) REFERENCES public.override (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT override_verdict_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX override_verdict_override_id_at_id_idx ON public.override_verdict (override_id, at DESC, id DESC);

CREATE FUNCTION gate.list_review(v public.claim_review) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO public.override (id, kind, incident_id, person_id, review_id, model, prompt_version_id, at)
  SELECT v.id, v.outcome, v.incident_id, v.person_id, v.id, s.generator, r.prompt_version_id, v.at
  FROM public.claim c JOIN public.summary s ON s.id = c.summary_id LEFT JOIN public.model_run r ON r.id = s.model_run_id
  WHERE c.id = v.claim_id
$$;
CREATE FUNCTION gate.list_decision(d public.decision) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO public.override (id, kind, incident_id, person_id, proposer_id, decision_id, at)
  SELECT d.id, d.state, d.incident_id, coalesce(o.person_id, d.proposer_id), d.proposer_id, d.id, coalesce(o.at, d.settled_at, d.proposed_at)
  FROM (VALUES (1)) AS one LEFT JOIN LATERAL (SELECT person_id, at FROM public.sign_off
    WHERE decision_id = d.id AND outcome = 'rejected' AND d.state = 'rejected' ORDER BY at LIMIT 1) AS o ON true
$$;

CREATE FUNCTION gate.list_override() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_table_name = 'claim_review' THEN PERFORM gate.list_review(new); ELSE PERFORM gate.list_decision(new); END IF;
  RETURN null;
END $$;
CREATE TRIGGER list_override AFTER INSERT ON public.claim_review FOR EACH ROW WHEN (new.outcome <> 'accepted') EXECUTE FUNCTION gate.list_override();
CREATE TRIGGER list_refused AFTER INSERT ON public.decision FOR EACH ROW WHEN (new.state = 'refused') EXECUTE FUNCTION gate.list_override();
CREATE TRIGGER list_rejected AFTER UPDATE OF state ON public.decision FOR EACH ROW
  WHEN (new.state IN ('refused', 'rejected') AND old.state IS DISTINCT FROM new.state) EXECUTE FUNCTION gate.list_override();
ALTER TABLE public.claim_review ENABLE ALWAYS TRIGGER list_override;
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER list_refused;
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER list_rejected;

-- Those that were there before this list.
DO $$
DECLARE v public.claim_review; d public.decision;
BEGIN
  FOR v IN SELECT * FROM public.claim_review WHERE outcome <> 'accepted' LOOP PERFORM gate.list_review(v); END LOOP;
  FOR d IN SELECT * FROM public.decision WHERE state IN ('refused', 'rejected') LOOP PERFORM gate.list_decision(d); END LOOP;
END $$;

-- Nothing of the list changes but that it is judged, once.
CREATE FUNCTION gate.check_override_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.judged_at IS NULL AND new.judged_at IS NOT NULL AND to_jsonb(new) - 'judged_at' = to_jsonb(old) - 'judged_at' THEN RETURN new; END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;
CREATE TRIGGER check_change BEFORE UPDATE ON public.override FOR EACH ROW EXECUTE FUNCTION gate.check_override_change();
CREATE TRIGGER no_deletion BEFORE DELETE ON public.override FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.override FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.override ENABLE ALWAYS TRIGGER check_change;
ALTER TABLE public.override ENABLE ALWAYS TRIGGER no_deletion;
ALTER TABLE public.override ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.override_verdict FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.override_verdict FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.override_verdict ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE public.override_verdict ENABLE ALWAYS TRIGGER no_truncate;

-- By a lead, now, and not of what the lead did or proposed.
CREATE FUNCTION gate.check_override_verdict() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person; o public.override;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = new.person_id FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role <> 'lead' THEN PERFORM gate.refuse('G3', 'the role may not judge an override'); END IF;
  SELECT * INTO o FROM public.override WHERE id = new.override_id FOR UPDATE;
  IF o.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such override'); END IF;
  IF m.id IN (o.person_id, o.proposer_id) THEN PERFORM gate.refuse('G4', 'the override is the lead''s own'); END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_override_verdict BEFORE INSERT ON public.override_verdict FOR EACH ROW EXECUTE FUNCTION gate.check_override_verdict();
ALTER TABLE public.override_verdict ENABLE ALWAYS TRIGGER check_override_verdict;

-- No verdict without its entry, and the list knows that it is judged.
CREATE FUNCTION gate.record_override_verdict() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.override SET judged_at = new.at WHERE id = new.override_id AND judged_at IS NULL;
  PERFORM trail.write('report.override_judged', 'person:' || new.person_id, o.incident_id, trail.canonical(jsonb_build_object('override', o.id,
    'kind', o.kind, 'claim', v.claim_id, 'decision', o.decision_id, 'outcome', new.outcome, 'note', new.note)))
  FROM public.override o LEFT JOIN public.claim_review v ON v.id = o.review_id WHERE o.id = new.override_id;
  RETURN null;
END $$;
CREATE TRIGGER record_override_verdict AFTER INSERT ON public.override_verdict FOR EACH ROW EXECUTE FUNCTION gate.record_override_verdict();
ALTER TABLE public.override_verdict ENABLE ALWAYS TRIGGER record_override_verdict;

GRANT SELECT ON public.override, public.override_verdict TO countersign_web, countersign_worker, countersign_auditor;
GRANT INSERT (id, override_id, person_id, outcome, note) ON public.override_verdict TO countersign_web;

SELECT gate.record_guards();
