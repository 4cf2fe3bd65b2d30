-- What a person adds by hand comes from a source of their own (docs/decisions/063): the record's source is fixed, so who
-- brought it is. Such a source is named after its person, has no token, and never changes.

ALTER TABLE public.source
  ADD COLUMN person_id uuid,
  ADD CONSTRAINT source_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT source_by_hand_token CHECK (person_id IS NULL OR (token_sha256 IS NULL AND token_hint IS NULL)),
  -- no other source passes for one
  ADD CONSTRAINT source_by_hand_name CHECK ((person_id IS NOT NULL) = (lower(name) LIKE 'by hand: %'));
CREATE UNIQUE INDEX source_person_id_key ON public.source (person_id);

CREATE FUNCTION gate.check_hand_source() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.person WHERE id = new.person_id AND active AND human AND role IN ('analyst', 'lead')) THEN
    PERFORM gate.refuse('G2', 'whoever adds evidence by hand must be an active analyst or lead');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_hand_source BEFORE INSERT ON public.source FOR EACH ROW
  WHEN (new.person_id IS NOT NULL) EXECUTE FUNCTION gate.check_hand_source();
ALTER TABLE public.source ENABLE ALWAYS TRIGGER check_hand_source;
CREATE TRIGGER hand_source_fixed BEFORE UPDATE ON public.source FOR EACH ROW
  WHEN (old.person_id IS NOT NULL OR new.person_id IS NOT NULL) EXECUTE FUNCTION trail.deny();
ALTER TABLE public.source ENABLE ALWAYS TRIGGER hand_source_fixed;

-- As before, and by itself no incident is merged to which somebody added something.
CREATE OR REPLACE FUNCTION gate.check_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.merged_into_id IS NULL THEN
    IF EXISTS (SELECT FROM public.incident_unmerge u JOIN public.incident_merge m ON m.id = u.merge_id
      WHERE m.from_id = new.id AND m.into_id = old.merged_into_id AND u.at = now()) THEN RETURN new; END IF;
  ELSIF old.merged_into_id IS NULL THEN
    PERFORM FROM public.incident WHERE id = new.merged_into_id AND merged_into_id IS NULL FOR SHARE;
    IF found AND (
      EXISTS (SELECT FROM public.incident_merge WHERE from_id = new.id AND into_id = new.merged_into_id AND at = now())
      OR NOT (new.status <> 'new' OR new.assignee_id IS NOT NULL OR new.verdict IS NOT NULL
        OR EXISTS (SELECT FROM public.decision WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.claim_review WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.note WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.incident_task WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.evidence_item e JOIN public.source s ON s.id = e.source_id
          WHERE e.incident_id = new.id AND s.person_id IS NOT NULL)
        OR EXISTS (SELECT FROM public.automation_stop WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = new.id AND action <> 'collect_artifacts')))
    THEN RETURN new; END IF;
  END IF;
  RAISE EXCEPTION 'merge: only an untouched incident may be merged, once, into one that stands' USING ERRCODE = '42501';
END $$;

SELECT gate.record_guards();
