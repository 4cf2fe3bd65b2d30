-- The sign-off inbox: what waits for whose signature, and who is looking at it (docs/decisions/023). A take is a
-- courtesy among people. It runs out by itself, and nothing that signs or rejects looks at it.

CREATE TABLE public.decision_take (
  decision_id uuid NOT NULL,
  person_id uuid NOT NULL,
  taken_at timestamptz(6) NOT NULL,
  until timestamptz(6) NOT NULL,
  CONSTRAINT decision_take_pkey PRIMARY KEY (decision_id),
  CONSTRAINT decision_take_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES public.decision (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT decision_take_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT decision_take_until CHECK (until > taken_at)
);
CREATE INDEX decision_take_person_id_idx ON public.decision_take (person_id);

-- Whether the gate would look at this person's signature now. The one place that says to whom a decision waits; the
-- gate does not ask it, and a signature is judged by the gate alone.
CREATE FUNCTION gate.waits_for(p_decision uuid, p_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.decision d
    JOIN public.person m ON m.id = p_person
    JOIN LATERAL gate.rule_of(d) AS r ON r.kind IS NOT NULL
    WHERE d.id = p_decision AND d.state = 'proposed' AND d.expires_at > clock_timestamp()
      AND m.active AND m.human AND gate.rank(m.role) >= gate.rank(r.min_role)
      AND (NOT r.distinct_from_proposer OR m.id <> d.proposer_id)
      AND (NOT r.distinct_from_assignee OR m.id IS DISTINCT FROM d.assignee_id)
      AND NOT EXISTS (SELECT FROM public.sign_off o WHERE o.decision_id = d.id AND o.person_id = m.id))
$$;

-- Takes a decision that waits for this person, or goes on holding it. Returns who has it now; null when it does not
-- wait for them. One row a decision: of two who take it at once, the second is told of the first.
CREATE FUNCTION gate.take_decision(p_decision uuid, p_person uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_now timestamptz := clock_timestamp();
BEGIN
  IF NOT gate.waits_for(p_decision, p_person) THEN RETURN null; END IF;
  INSERT INTO public.decision_take AS t (decision_id, person_id, taken_at, until)
    VALUES (p_decision, p_person, v_now, v_now + interval '10 minutes')
    ON CONFLICT (decision_id) DO UPDATE SET person_id = excluded.person_id, until = excluded.until,
      taken_at = CASE t.person_id WHEN excluded.person_id THEN t.taken_at ELSE excluded.taken_at END
    WHERE t.person_id = excluded.person_id OR t.until <= v_now;
  RETURN (SELECT person_id FROM public.decision_take WHERE decision_id = p_decision);
END $$;

-- Takes what waits for this person, expires first and nobody has taken; null when there is none. Each look sees what
-- others have taken meanwhile, so that two who ask at once get different ones.
CREATE FUNCTION gate.take_next_decision(p_person uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid;
BEGIN
  LOOP
    SELECT d.id INTO v_id FROM public.decision d
    WHERE d.state = 'proposed' AND d.expires_at > clock_timestamp() AND gate.waits_for(d.id, p_person)
      AND NOT EXISTS (SELECT FROM public.decision_take t WHERE t.decision_id = d.id AND t.until > clock_timestamp())
    ORDER BY d.expires_at, d.id LIMIT 1;
    IF v_id IS NULL THEN RETURN null; END IF;
    IF gate.take_decision(v_id, p_person) = p_person THEN RETURN v_id; END IF;
  END LOOP;
END $$;

-- Whether there was anything to give back.
CREATE FUNCTION gate.release_decision(p_decision uuid, p_person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.decision_take WHERE decision_id = p_decision AND person_id = p_person;
  RETURN found;
END $$;

-- Whoever has signed is done with it, and a settled decision waits for nobody.
CREATE FUNCTION gate.end_take() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_table_name = 'sign_off' THEN
    DELETE FROM public.decision_take WHERE decision_id = new.decision_id AND person_id = new.person_id;
  ELSE
    DELETE FROM public.decision_take WHERE decision_id = new.id;
  END IF;
  RETURN null;
END $$;
CREATE TRIGGER end_take AFTER INSERT ON public.sign_off FOR EACH ROW EXECUTE FUNCTION gate.end_take();
CREATE TRIGGER end_take AFTER UPDATE OF state ON public.decision FOR EACH ROW WHEN (new.state <> 'proposed') EXECUTE FUNCTION gate.end_take();
ALTER TABLE public.sign_off ENABLE ALWAYS TRIGGER end_take;
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER end_take;

GRANT SELECT ON public.decision_take TO countersign_web, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.waits_for(uuid, uuid), gate.take_decision(uuid, uuid), gate.take_next_decision(uuid),
  gate.release_decision(uuid, uuid) TO countersign_web;

-- Notices: what a person should hear of, written with what happened. Triggers only insert here, and only into these
-- tables, so that no decision waits for a reader. The trail holds what happened; a notice says that somebody was told.

CREATE TABLE public.notice_event (
  id uuid NOT NULL,
  kind text NOT NULL,
  decision_id uuid,
  passkey_id uuid,
  -- who did it; null: time, or the desk's facts
  actor_id uuid,
  at timestamptz(6) NOT NULL,
  CONSTRAINT notice_event_pkey PRIMARY KEY (id),
  CONSTRAINT notice_event_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES public.decision (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT notice_event_passkey_id_fkey FOREIGN KEY (passkey_id) REFERENCES public.passkey (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT notice_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT notice_event_kind CHECK (CASE
    WHEN kind IN ('decision.waiting', 'decision.signed', 'decision.rejected', 'decision.expired', 'decision.went_stale', 'decision.took_effect')
      THEN decision_id IS NOT NULL AND passkey_id IS NULL
    WHEN kind IN ('passkey.enrolled', 'passkey.revoked') THEN passkey_id IS NOT NULL AND decision_id IS NULL
    ELSE false END)
);
CREATE INDEX notice_event_decision_id_idx ON public.notice_event (decision_id);
CREATE INDEX notice_event_passkey_id_idx ON public.notice_event (passkey_id);

CREATE TABLE public.notice (
  person_id uuid NOT NULL,
  event_id uuid NOT NULL,
  at timestamptz(6) NOT NULL,
  read_at timestamptz(6),
  CONSTRAINT notice_pkey PRIMARY KEY (event_id, person_id),
  CONSTRAINT notice_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.notice_event (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT notice_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX notice_person_id_at_event_id_idx ON public.notice (person_id, at DESC, event_id DESC);
CREATE INDEX notice_unread_idx ON public.notice (person_id, at DESC, event_id DESC) WHERE read_at IS NULL;

-- What each person wants by mail; without a row, what is mailed by default.
CREATE TABLE public.notice_wish (
  person_id uuid NOT NULL,
  kind text NOT NULL,
  by_mail boolean NOT NULL,
  CONSTRAINT notice_wish_pkey PRIMARY KEY (person_id, kind),
  CONSTRAINT notice_wish_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT notice_wish_kind CHECK (kind ~ '^(decision|passkey)\.[a-z_]{1,20}$')
);

CREATE FUNCTION public.mailed_by_default(p_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT p_kind NOT IN ('decision.signed', 'decision.took_effect') $$;

-- A notice on its way out: to a person by mail, or, where `person_id` is null, to the webhook, once for all. `due` is
-- tried from `due_at` on, which is moved ahead before each attempt, so that a worker that dies in between leaves it to
-- another later.
CREATE TABLE public.notice_delivery (
  id uuid NOT NULL,
  event_id uuid NOT NULL,
  person_id uuid,
  state text NOT NULL DEFAULT 'due',
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz(6) NOT NULL,
  settled_at timestamptz(6),
  fault text,
  CONSTRAINT notice_delivery_pkey PRIMARY KEY (id),
  CONSTRAINT notice_delivery_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.notice_event (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT notice_delivery_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT notice_delivery_once UNIQUE NULLS NOT DISTINCT (event_id, person_id),
  CONSTRAINT notice_delivery_state CHECK (state IN ('due', 'sent', 'failed', 'too_late', 'not_needed')),
  CONSTRAINT notice_delivery_settled CHECK ((state = 'due') = (settled_at IS NULL))
);
CREATE INDEX notice_delivery_mail_idx ON public.notice_delivery (due_at) WHERE state = 'due' AND person_id IS NOT NULL;
CREATE INDEX notice_delivery_webhook_idx ON public.notice_delivery (due_at) WHERE state = 'due' AND person_id IS NULL;

CREATE FUNCTION gate.give_notice(p_kind text, p_decision uuid, p_passkey uuid, p_actor uuid, p_people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_id uuid := gate.uuid_v7();
  v_at timestamptz := clock_timestamp();
BEGIN
  INSERT INTO public.notice_event (id, kind, decision_id, passkey_id, actor_id, at)
    VALUES (v_id, p_kind, p_decision, p_passkey, p_actor, v_at);
  INSERT INTO public.notice (person_id, event_id, at) SELECT DISTINCT person_id, v_id, v_at FROM unnest(p_people) AS person_id;
  INSERT INTO public.notice_delivery (id, event_id, person_id, due_at)
    SELECT gate.uuid_v7(), v_id, n.person_id, v_at FROM public.notice n
    LEFT JOIN public.notice_wish w ON w.person_id = n.person_id AND w.kind = p_kind
    WHERE n.event_id = v_id AND coalesce(w.by_mail, public.mailed_by_default(p_kind));
  INSERT INTO public.notice_delivery (id, event_id, due_at) VALUES (gate.uuid_v7(), v_id, v_at);
END $$;

CREATE FUNCTION gate.notice_of_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.give_notice('decision.waiting', new.id, null, new.proposer_id, ARRAY(
    SELECT id FROM public.person WHERE active AND human AND gate.rank(role) > 0 AND gate.waits_for(new.id, id)));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_proposal AFTER INSERT ON public.decision FOR EACH ROW WHEN (new.state = 'proposed') EXECUTE FUNCTION gate.notice_of_proposal();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER notice_of_proposal;

CREATE FUNCTION gate.notice_of_settling() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.give_notice(
    CASE new.state WHEN 'in_effect' THEN 'decision.took_effect' WHEN 'stale' THEN 'decision.went_stale' ELSE 'decision.' || new.state END,
    new.id, null,
    CASE WHEN new.state IN ('in_effect', 'rejected') THEN
      (SELECT person_id FROM public.sign_off WHERE decision_id = new.id ORDER BY at DESC, id DESC LIMIT 1) END,
    ARRAY[new.proposer_id]);
  RETURN null;
END $$;
CREATE TRIGGER notice_of_settling AFTER UPDATE OF state ON public.decision FOR EACH ROW
  WHEN (new.state IN ('in_effect', 'rejected', 'expired', 'stale')) EXECUTE FUNCTION gate.notice_of_settling();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER notice_of_settling;

-- At commit: whether a signature was the last that was needed is known only then, and that one is told of as the effect.
CREATE FUNCTION gate.notice_of_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE d public.decision;
BEGIN
  SELECT * INTO STRICT d FROM public.decision WHERE id = new.decision_id;
  IF d.state = 'proposed' THEN PERFORM gate.give_notice('decision.signed', d.id, null, new.person_id, ARRAY[d.proposer_id]); END IF;
  RETURN null;
END $$;
CREATE CONSTRAINT TRIGGER notice_of_signature AFTER INSERT ON public.sign_off DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (new.outcome = 'approved') EXECUTE FUNCTION gate.notice_of_signature();
ALTER TABLE public.sign_off ENABLE ALWAYS TRIGGER notice_of_signature;

-- Its person, and whoever leads: a passkey that somebody else enrolled or ended is seen by people who would know.
CREATE FUNCTION gate.notice_of_passkey() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.give_notice(
    CASE tg_op WHEN 'INSERT' THEN 'passkey.enrolled' ELSE 'passkey.revoked' END,
    null, new.id, coalesce(new.revoked_by, new.person_id),
    ARRAY(SELECT id FROM public.person WHERE active AND human AND (role = 'lead' OR id = new.person_id)));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_enrolment AFTER INSERT ON public.passkey FOR EACH ROW EXECUTE FUNCTION gate.notice_of_passkey();
CREATE TRIGGER notice_of_revocation AFTER UPDATE OF revoked_at ON public.passkey FOR EACH ROW
  WHEN (old.revoked_at IS NULL AND new.revoked_at IS NOT NULL) EXECUTE FUNCTION gate.notice_of_passkey();
ALTER TABLE public.passkey ENABLE ALWAYS TRIGGER notice_of_enrolment;
ALTER TABLE public.passkey ENABLE ALWAYS TRIGGER notice_of_revocation;

GRANT SELECT ON public.notice_event, public.notice, public.notice_wish, public.notice_delivery TO countersign_web, countersign_auditor;
GRANT UPDATE (read_at) ON public.notice TO countersign_web;
GRANT INSERT, UPDATE (by_mail) ON public.notice_wish TO countersign_web;
GRANT EXECUTE ON FUNCTION public.mailed_by_default(text) TO countersign_web;
-- The worker sends them: it reads what they say, says what became of each, and puts away those that are no news.
GRANT SELECT ON public.notice_event, public.notice, public.notice_delivery TO countersign_worker;
GRANT UPDATE (state, attempts, due_at, settled_at, fault) ON public.notice_delivery TO countersign_worker;
GRANT UPDATE (read_at) ON public.notice TO countersign_worker;
GRANT SELECT (id, person_id) ON public.passkey TO countersign_worker;
GRANT EXECUTE ON FUNCTION gate.waits_for(uuid, uuid) TO countersign_worker;

SELECT gate.record_guards();
