-- What was contained can be let go after the incident is closed, by a decision like any other, and the incident stays
-- closed (docs/decisions/048). Nothing else is decided of a closed incident but its reopening.

-- Does every action take back a response that still stands: sent from here for this incident, and taken back by nothing
-- that did not fail?
CREATE FUNCTION gate.only_takes_back(d public.decision) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) > 0 AND count(*) = count(*) FILTER (WHERE EXISTS (
    SELECT FROM public.response_run r JOIN public.response_task t ON t.run_id = r.id
    WHERE r.incident_id = d.incident_id AND r.id::text = lower(a ->> 'undoOf') AND r.action = a ->> 'action' AND r.target = a ->> 'target'
      AND t.undo_of IS NULL AND t.dispatched IS NOT NULL
      AND NOT EXISTS (SELECT FROM public.response_task u JOIN public.response_run w ON w.id = u.run_id
        WHERE u.undo_of = r.id AND w.outcome <> 'failed')))
  FROM jsonb_array_elements(CASE jsonb_typeof(d.content -> 'actions') WHEN 'array' THEN d.content -> 'actions' ELSE '[]' END) AS a
$$;

-- As before, but for a containment: of a closed incident it is left to gate.check_release, which knows what is in it.
CREATE OR REPLACE FUNCTION gate.move_is_legal(p_kind text, i public.incident) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.id IS NOT NULL AND i.merged_into_id IS NULL AND CASE p_kind
    WHEN 'reopening' THEN i.status = 'closed'
    WHEN 'escalation' THEN i.status <> 'closed' AND i.escalated_by IS NULL
    WHEN 'containment' THEN true
    ELSE i.status <> 'closed' END
$$;

-- After gate.check_proposal, which holds the incident.
CREATE FUNCTION gate.check_release() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT status FROM public.incident WHERE id = new.incident_id) = 'closed' AND NOT gate.only_takes_back(new) THEN
    PERFORM gate.refuse('G14', 'no legal move for a closed incident but to take back what stands');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_release BEFORE INSERT ON public.decision FOR EACH ROW
  WHEN (new.state = 'proposed' AND new.kind = 'containment') EXECUTE FUNCTION gate.check_release();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER check_release;

-- The same of the effect: a move that changes no status is none but by what was signed to take something back.
CREATE FUNCTION gate.check_release_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE d public.decision;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = new.decision_id;
  IF NOT gate.only_takes_back(d) THEN PERFORM gate.refuse('G14', 'a closed incident stays as it is but for what is taken back'); END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_release_effect BEFORE INSERT ON public.transition FOR EACH ROW
  WHEN (new.kind = 'containment' AND new.from_status = 'closed') EXECUTE FUNCTION gate.check_release_effect();
ALTER TABLE public.transition ENABLE ALWAYS TRIGGER check_release_effect;

ALTER TABLE public.transition DROP CONSTRAINT g14_legal, ADD CONSTRAINT g14_legal CHECK (
  (kind = 'escalation' AND from_status = to_status AND from_status IN ('new', 'in_progress', 'on_hold'))
  OR (kind = 'containment' AND from_status = to_status AND from_status IN ('new', 'in_progress', 'on_hold', 'closed'))
  OR (kind = 'closure' AND from_status IN ('new', 'in_progress', 'on_hold') AND to_status = 'closed')
  OR (kind = 'reopening' AND from_status = 'closed' AND to_status = 'in_progress'));

SELECT gate.record_guards();
