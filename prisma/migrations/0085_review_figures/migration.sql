-- What the figures of the review room are counted from, in the order of time, and two small tables for the signals of
-- over-reliance (docs/decisions/060).

CREATE INDEX incident_opened_order ON public.incident (opened_at DESC, id DESC);
CREATE INDEX claim_review_order ON public.claim_review (at DESC, id DESC);
CREATE INDEX sign_off_order ON public.sign_off (at DESC, id DESC);
CREATE INDEX evidence_first_alert ON public.evidence_item (incident_id, received_at) WHERE kind = 'alert';
CREATE INDEX evidence_opened_by ON public.evidence_opened (person_id, incident_id, at);

-- When a person first had the statement of an open decision on the screen: a signal, which no guard asks for.
CREATE TABLE public.statement_opened (
  decision_id uuid NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT statement_opened_pkey PRIMARY KEY (decision_id, person_id),
  CONSTRAINT statement_opened_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES public.decision (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT statement_opened_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX statement_opened_person_id_idx ON public.statement_opened (person_id);
CREATE TRIGGER date_now BEFORE INSERT ON public.statement_opened FOR EACH ROW EXECUTE FUNCTION gate.date_now();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.statement_opened FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.statement_opened FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.statement_opened ENABLE ALWAYS TRIGGER date_now;
ALTER TABLE public.statement_opened ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE public.statement_opened ENABLE ALWAYS TRIGGER no_truncate;

-- Who lets leads see figures of their own, and since when; the row goes with the wish.
CREATE TABLE public.training_mode (
  person_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT training_mode_pkey PRIMARY KEY (person_id),
  CONSTRAINT training_mode_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE TRIGGER date_now BEFORE INSERT ON public.training_mode FOR EACH ROW EXECUTE FUNCTION gate.date_now();
ALTER TABLE public.training_mode ENABLE ALWAYS TRIGGER date_now;

GRANT SELECT ON public.statement_opened, public.training_mode TO countersign_web, countersign_auditor;
GRANT INSERT (decision_id, person_id) ON public.statement_opened TO countersign_web;
GRANT INSERT (person_id), DELETE ON public.training_mode TO countersign_web;

SELECT gate.record_guards();
