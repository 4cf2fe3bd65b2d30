-- Notices of an incident: to whom it is handed over, whom a note names, and who watches it. Written with what happened,
-- as all notices are.

ALTER TABLE public.notice_event
  ADD COLUMN note_id uuid,
  ADD COLUMN handover_id uuid,
  ADD COLUMN incident_id uuid,
  ADD COLUMN status text, -- what the incident's became
  ADD CONSTRAINT notice_event_note_id_fkey FOREIGN KEY (note_id) REFERENCES public.note (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT notice_event_handover_id_fkey FOREIGN KEY (handover_id) REFERENCES public.handover (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT notice_event_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  DROP CONSTRAINT notice_event_kind,
  ADD CONSTRAINT notice_event_kind CHECK (
    num_nonnulls(decision_id, passkey_id, act_id, stop_id, policy_version, automation_version, note_id, handover_id, incident_id) = 1
    AND (incident_id IS NULL) = (status IS NULL) AND CASE
    WHEN kind IN ('decision.waiting', 'decision.signed', 'decision.rejected', 'decision.expired', 'decision.went_stale', 'decision.took_effect',
      'incident.decision_proposed', 'incident.decision_took_effect', 'incident.decision_rejected') THEN decision_id IS NOT NULL
    WHEN kind IN ('passkey.enrolled', 'passkey.revoked') THEN passkey_id IS NOT NULL
    WHEN kind = 'automation.isolated' THEN act_id IS NOT NULL
    WHEN kind = 'automation.stopped' THEN stop_id IS NOT NULL
    WHEN kind IN ('automation.waiting', 'automation.scheduled') THEN automation_version IS NOT NULL
    WHEN kind IN ('policy.waiting', 'policy.scheduled') THEN policy_version IS NOT NULL
    WHEN kind = 'incident.mentioned' THEN note_id IS NOT NULL
    WHEN kind = 'incident.handed_over' THEN handover_id IS NOT NULL
    WHEN kind = 'incident.status_changed' THEN incident_id IS NOT NULL
    ELSE false END);
CREATE INDEX notice_event_note_id_idx ON public.notice_event (note_id);
CREATE INDEX notice_event_handover_id_idx ON public.notice_event (handover_id);
CREATE INDEX notice_event_incident_id_idx ON public.notice_event (incident_id);

ALTER TABLE public.notice_wish
  DROP CONSTRAINT notice_wish_kind,
  ADD CONSTRAINT notice_wish_kind CHECK (kind ~ '^(decision|passkey|automation|policy|incident)\.[a-z_]{1,25}$');

-- What a watcher is told stands in the app; it comes by mail to those who ask for it.
CREATE OR REPLACE FUNCTION public.mailed_by_default(p_kind text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN p_kind NOT IN ('decision.signed', 'decision.took_effect', 'incident.status_changed', 'incident.decision_proposed',
    'incident.decision_took_effect', 'incident.decision_rejected');
END $$;

-- As `gate.tell`, but to nobody else: no webhook, and nothing where there is nobody to tell.
CREATE FUNCTION gate.tell_alone(p_event public.notice_event, p_people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF cardinality(p_people) = 0 THEN RETURN; END IF;
  p_event.id := gate.uuid_v7();
  p_event.at := clock_timestamp();
  INSERT INTO public.notice_event SELECT p_event.*;
  INSERT INTO public.notice (person_id, event_id, at) SELECT DISTINCT person_id, p_event.id, p_event.at FROM unnest(p_people) AS person_id;
  INSERT INTO public.notice_delivery (id, event_id, person_id, due_at)
    SELECT gate.uuid_v7(), p_event.id, n.person_id, p_event.at FROM public.notice n
    LEFT JOIN public.notice_wish w ON w.person_id = n.person_id AND w.kind = p_event.kind
    WHERE n.event_id = p_event.id AND coalesce(w.by_mail, public.mailed_by_default(p_event.kind));
END $$;

-- Who watches any of these incidents and still works here.
CREATE FUNCTION gate.watchers(p_incidents uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT DISTINCT m.id FROM public.incident_watch w JOIN public.person m ON m.id = w.person_id
    WHERE w.incident_id = ANY(p_incidents) AND m.active AND m.human AND gate.rank(m.role) > 0)
$$;

-- Closing and reopening are decisions, and told of as those.
CREATE FUNCTION gate.notice_of_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event public.notice_event;
BEGIN
  v_event.kind := 'incident.status_changed';
  v_event.incident_id := new.id;
  v_event.status := new.status;
  PERFORM gate.tell_alone(v_event, gate.watchers(ARRAY[new.id]));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_status AFTER UPDATE OF status ON public.incident FOR EACH ROW
  WHEN (new.status IS DISTINCT FROM old.status AND new.status <> 'closed' AND old.status <> 'closed') EXECUTE FUNCTION gate.notice_of_status();
ALTER TABLE public.incident ENABLE ALWAYS TRIGGER notice_of_status;

-- A watcher who hears of it anyway, because it waits for them or is theirs, is not told twice.
CREATE FUNCTION gate.notice_of_watched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_event public.notice_event;
  v_people uuid[] := gate.watchers(ARRAY(SELECT new.incident_id UNION ALL SELECT incident_id FROM public.decision_incident WHERE decision_id = new.id));
BEGIN
  v_people := array_remove(v_people, new.proposer_id);
  IF cardinality(v_people) = 0 THEN RETURN null; END IF;
  v_event.decision_id := new.id;
  IF new.state = 'proposed' THEN
    v_event.kind := 'incident.decision_proposed';
    v_event.actor_id := new.proposer_id;
    v_people := ARRAY(SELECT id FROM unnest(v_people) AS id WHERE NOT gate.waits_for(new.id, id));
  ELSE
    v_event.kind := CASE new.state WHEN 'in_effect' THEN 'incident.decision_took_effect' ELSE 'incident.decision_rejected' END;
    v_event.actor_id := (SELECT person_id FROM public.sign_off WHERE decision_id = new.id ORDER BY at DESC, id DESC LIMIT 1);
    v_people := array_remove(v_people, v_event.actor_id);
  END IF;
  PERFORM gate.tell_alone(v_event, v_people);
  RETURN null;
END $$;
CREATE TRIGGER notice_of_watched_proposal AFTER INSERT ON public.decision FOR EACH ROW WHEN (new.state = 'proposed') EXECUTE FUNCTION gate.notice_of_watched();
CREATE TRIGGER notice_of_watched_settling AFTER UPDATE OF state ON public.decision FOR EACH ROW
  WHEN (new.state IN ('in_effect', 'rejected')) EXECUTE FUNCTION gate.notice_of_watched();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER notice_of_watched_proposal;
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER notice_of_watched_settling;

-- To whom it goes, and who watches it; not to whoever hands it over.
CREATE FUNCTION gate.notice_of_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event public.notice_event;
BEGIN
  v_event.kind := 'incident.handed_over';
  v_event.handover_id := new.id;
  v_event.actor_id := new.person_id;
  PERFORM gate.tell_alone(v_event, array_remove(array_remove(gate.watchers(ARRAY[new.incident_id]) || new.to_id, new.person_id), null));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_handover AFTER INSERT ON public.handover FOR EACH ROW EXECUTE FUNCTION gate.notice_of_handover();
ALTER TABLE public.handover ENABLE ALWAYS TRIGGER notice_of_handover;

CREATE FUNCTION gate.notice_of_mention() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_event public.notice_event;
  v_author uuid := (SELECT person_id FROM public.note WHERE id = new.note_id);
BEGIN
  v_event.kind := 'incident.mentioned';
  v_event.note_id := new.note_id;
  v_event.actor_id := v_author;
  PERFORM gate.tell_alone(v_event, array_remove(ARRAY[new.person_id], v_author));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_mention AFTER INSERT ON public.note_mention FOR EACH ROW EXECUTE FUNCTION gate.notice_of_mention();
ALTER TABLE public.note_mention ENABLE ALWAYS TRIGGER notice_of_mention;

SELECT gate.record_guards();
