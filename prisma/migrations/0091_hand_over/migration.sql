-- Hand-overs, watches and mentions (docs/decisions/062).

-- One act: the note that says what is known and open, to whom the incident goes with it. `to_id` null: to nobody, it
-- waits for whoever takes it.
CREATE TABLE public.handover (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  note_id uuid NOT NULL,
  person_id uuid NOT NULL,
  to_id uuid,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT handover_pkey PRIMARY KEY (id),
  CONSTRAINT handover_note_id_key UNIQUE (note_id),
  CONSTRAINT handover_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT handover_note_id_fkey FOREIGN KEY (note_id) REFERENCES public.note (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT handover_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT handover_to_id_fkey FOREIGN KEY (to_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX handover_incident_id_at_id_idx ON public.handover (incident_id, at DESC, id DESC);

-- That whoever has the incident has read it and taken over.
CREATE TABLE public.handover_taken (
  handover_id uuid NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT handover_taken_pkey PRIMARY KEY (handover_id),
  CONSTRAINT handover_taken_handover_id_fkey FOREIGN KEY (handover_id) REFERENCES public.handover (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT handover_taken_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE FUNCTION gate.check_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.require_worker_of_desk(new.person_id);
  IF NOT EXISTS (SELECT FROM public.note WHERE id = new.note_id AND incident_id = new.incident_id AND person_id = new.person_id AND kind = 'handover') THEN
    PERFORM gate.refuse('G10', 'no hand-over note of this person in this incident');
  END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_handover BEFORE INSERT ON public.handover FOR EACH ROW EXECUTE FUNCTION gate.check_handover();
ALTER TABLE public.handover ENABLE ALWAYS TRIGGER check_handover;

CREATE FUNCTION gate.check_taken() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.require_worker_of_desk(new.person_id);
  IF NOT EXISTS (SELECT FROM public.handover h JOIN public.incident i ON i.id = h.incident_id
    WHERE h.id = new.handover_id AND i.assignee_id = new.person_id)
  THEN
    PERFORM gate.refuse('G10', 'only whoever has the incident takes it over');
  END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_taken BEFORE INSERT ON public.handover_taken FOR EACH ROW EXECUTE FUNCTION gate.check_taken();
ALTER TABLE public.handover_taken ENABLE ALWAYS TRIGGER check_taken;

-- Whom a note names.
CREATE TABLE public.note_mention (
  note_id uuid NOT NULL,
  person_id uuid NOT NULL,
  CONSTRAINT note_mention_pkey PRIMARY KEY (note_id, person_id),
  CONSTRAINT note_mention_note_id_fkey FOREIGN KEY (note_id) REFERENCES public.note (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT note_mention_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX note_mention_person_id_idx ON public.note_mention (person_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.handover FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.handover ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.handover FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.handover ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.handover_taken FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.handover_taken ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.handover_taken FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.handover_taken ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.note_mention FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.note_mention ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.note_mention FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.note_mention ENABLE ALWAYS TRIGGER no_truncate;

-- Who wants to hear of an incident: theirs alone, and gone when they do not any more.
CREATE TABLE public.incident_watch (
  person_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT incident_watch_pkey PRIMARY KEY (person_id, incident_id),
  CONSTRAINT incident_watch_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_watch_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX incident_watch_incident_id_idx ON public.incident_watch (incident_id);

-- A watch goes where its incident goes.
CREATE FUNCTION gate.carry_watches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.incident_watch (person_id, incident_id)
    SELECT person_id, new.merged_into_id FROM public.incident_watch WHERE incident_id = new.id ON CONFLICT DO NOTHING;
  RETURN null;
END $$;
CREATE TRIGGER carry_watches AFTER UPDATE OF merged_into_id ON public.incident FOR EACH ROW
  WHEN (new.merged_into_id IS NOT NULL) EXECUTE FUNCTION gate.carry_watches();
ALTER TABLE public.incident ENABLE ALWAYS TRIGGER carry_watches;

GRANT SELECT ON public.handover, public.handover_taken, public.note_mention TO countersign_web, countersign_worker, countersign_auditor;
GRANT SELECT ON public.incident_watch TO countersign_web, countersign_auditor;
GRANT INSERT (id, incident_id, note_id, person_id, to_id) ON public.handover TO countersign_web;
GRANT INSERT (handover_id, person_id) ON public.handover_taken TO countersign_web;
GRANT INSERT (note_id, person_id) ON public.note_mention TO countersign_web;
GRANT INSERT (person_id, incident_id), DELETE ON public.incident_watch TO countersign_web;

SELECT gate.record_guards();
