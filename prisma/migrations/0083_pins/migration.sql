-- Records that the team keeps in sight above an incident's thread. A pin is a row, taking it off is another: who
-- pointed at what, and when, stays. The pin goes where its record goes (docs/decisions/058).

CREATE TABLE public.record_pin (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  evidence_item_id uuid NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT record_pin_pkey PRIMARY KEY (id),
  CONSTRAINT record_pin_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT record_pin_evidence_item_id_fkey FOREIGN KEY (evidence_item_id) REFERENCES public.evidence_item (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT record_pin_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX record_pin_incident_id_idx ON public.record_pin (incident_id);
CREATE INDEX record_pin_evidence_item_id_idx ON public.record_pin (evidence_item_id);

CREATE TABLE public.record_unpin (
  pin_id uuid NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT record_unpin_pkey PRIMARY KEY (pin_id),
  CONSTRAINT record_unpin_pin_id_fkey FOREIGN KEY (pin_id) REFERENCES public.record_pin (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT record_unpin_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- By a person, now.
CREATE FUNCTION gate.check_pinner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = new.person_id;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'whoever pins must be an active person'); END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_pinner BEFORE INSERT ON public.record_pin FOR EACH ROW EXECUTE FUNCTION gate.check_pinner();
ALTER TABLE public.record_pin ENABLE ALWAYS TRIGGER check_pinner;
CREATE TRIGGER check_pinner BEFORE INSERT ON public.record_unpin FOR EACH ROW EXECUTE FUNCTION gate.check_pinner();
ALTER TABLE public.record_unpin ENABLE ALWAYS TRIGGER check_pinner;

-- Of a record that stands in the incident.
CREATE FUNCTION gate.check_pin_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.evidence_item WHERE id = new.evidence_item_id AND incident_id = new.incident_id) THEN
    PERFORM gate.refuse('G10', 'no record to pin in this incident');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_pin_place BEFORE INSERT ON public.record_pin FOR EACH ROW EXECUTE FUNCTION gate.check_pin_place();
ALTER TABLE public.record_pin ENABLE ALWAYS TRIGGER check_pin_place;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.record_pin FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.record_pin ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.record_pin FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.record_pin ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.record_unpin FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.record_unpin ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.record_unpin FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.record_unpin ENABLE ALWAYS TRIGGER no_truncate;

GRANT SELECT ON public.record_pin, public.record_unpin TO countersign_web, countersign_worker, countersign_auditor;
GRANT INSERT (id, incident_id, evidence_item_id, person_id) ON public.record_pin TO countersign_web;
GRANT INSERT (pin_id, person_id) ON public.record_unpin TO countersign_web;

SELECT gate.record_guards();
