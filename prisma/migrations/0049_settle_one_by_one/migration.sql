-- What can no longer be signed is settled one decision at a time, so that a signer who holds one incident holds up
-- nothing else; and what takes a response back is looked at when it is proposed.

DROP FUNCTION gate.expire_decisions();

-- Open decisions that have expired or gone stale, by their ids, after one of them: a page of work.
CREATE FUNCTION gate.void_decisions(p_after uuid, p_limit int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.id FROM public.decision d
  WHERE d.state = 'proposed' AND (p_after IS NULL OR d.id > p_after) AND gate.void_as(d) IS NOT NULL
  ORDER BY d.id LIMIT least(p_limit, 1000)
$$;

-- For the worker: settles one of them, and waits for nobody: null when somebody has it, or an incident of it, in hand.
-- Incidents are locked before the decision, as everywhere.
CREATE FUNCTION gate.settle_void(p_decision uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_incidents uuid[] := ARRAY(SELECT gate.incidents_of(p_decision));
  v_locked int;
BEGIN
  SELECT count(*) INTO v_locked FROM (SELECT FROM public.incident WHERE id = ANY (v_incidents) ORDER BY id FOR UPDATE SKIP LOCKED) AS held;
  IF v_locked < cardinality(v_incidents) THEN RETURN null; END IF;
  PERFORM FROM public.decision WHERE id = p_decision FOR UPDATE SKIP LOCKED;
  IF NOT found THEN RETURN null; END IF;
  RETURN gate.settle(p_decision);
END $$;

-- As when its response is planned (gate.plan_response), which asks again: what is taken back was sent from here for this
-- incident, by the same action at the same target, and is no taking back itself.
CREATE FUNCTION gate.check_undo() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(new.content -> 'actions') WHEN 'array' THEN new.content -> 'actions' ELSE '[]' END) AS a
    WHERE a ? 'undoOf' AND NOT EXISTS (SELECT FROM public.response_run r JOIN public.response_task t ON t.run_id = r.id
      WHERE r.incident_id = new.incident_id AND r.id::text = lower(a ->> 'undoOf') AND r.action = a ->> 'action' AND r.target = a ->> 'target'
        AND t.undo_of IS NULL AND t.dispatched IS NOT NULL))
  THEN
    PERFORM gate.refuse('G27', 'an action would take back what was not sent from here for this incident');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_undo BEFORE INSERT ON public.decision FOR EACH ROW
  WHEN (new.state = 'proposed' AND new.kind = 'containment') EXECUTE FUNCTION gate.check_undo();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER check_undo;

GRANT EXECUTE ON FUNCTION gate.void_decisions(uuid, int), gate.settle_void(uuid) TO countersign_worker;

SELECT gate.record_guards();
