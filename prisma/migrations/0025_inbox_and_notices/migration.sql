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
    JOIN public.policy_rule r ON r.policy_version = d.policy_version AND r.kind = d.kind
    WHERE d.id = p_decision AND d.state = 'proposed' AND d.expires_at > clock_timestamp()
      AND m.active AND m.human AND gate.rank(m.role) >= gate.rank(r.min_role)
      AND (NOT r.distinct_from_proposer OR m.id <> d.proposer_id)
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

SELECT gate.record_guards();
