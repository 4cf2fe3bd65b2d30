-- The gate, part four: at commit every gated change must rest on a signed decision over the incident exactly as it was.
-- These triggers trust no function above: they hold for the owner's own SQL too.

CREATE FUNCTION gate.check_incident() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.transition;
  d public.decision;
  p public.policy_rule;
  v_gated boolean;
  v_count int;
BEGIN
  IF tg_op = 'INSERT' THEN
    IF new.status <> 'new' OR new.version <> 1
      OR num_nonnulls(new.escalated_by, new.contained_by, new.closed_by, new.closed_at, new.merged_into_id) > 0
    THEN
      PERFORM gate.refuse('G7', 'an incident is born new');
    END IF;
    RETURN null;
  END IF;
  IF new.version <> old.version + gate.facts_differ(old, new)::int THEN
    PERFORM gate.refuse('G8', 'the version steps by one with the facts');
  END IF;
  v_gated := (new.status = 'closed') <> (old.status = 'closed')
    OR (new.escalated_by, new.contained_by, new.closed_by, new.closed_at) IS DISTINCT FROM (old.escalated_by, old.contained_by, old.closed_by, old.closed_at);
  SELECT * INTO t FROM public.transition WHERE incident_id = new.id AND from_version = old.version;
  IF NOT v_gated THEN
    IF t.decision_id IS NOT NULL AND new.version <> old.version THEN PERFORM gate.refuse('G15', 'a transition without its change'); END IF;
    RETURN null;
  END IF;
  IF t.decision_id IS NULL OR NOT gate.change_fits(old, new, t) THEN PERFORM gate.refuse('G9', 'a gated change without a sign-off'); END IF;
  SELECT * INTO d FROM public.decision WHERE id = t.decision_id;
  IF (d.incident_id, d.kind, d.state) IS DISTINCT FROM (new.id, t.kind, 'in_effect') THEN PERFORM gate.refuse('G10', 'the wrong decision'); END IF;
  IF NOT gate.evidence_is_counted(new) THEN PERFORM gate.refuse('G11', 'stale: the incident does not count its evidence'); END IF;
  IF NOT gate.facts_hold(d, old) THEN PERFORM gate.refuse('G11', 'stale: the incident changed after it was proposed'); END IF;
  IF EXISTS (SELECT FROM public.sign_off s WHERE s.decision_id = d.id AND s.outcome = 'rejected') THEN
    PERFORM gate.refuse('G12', 'the decision was rejected');
  END IF;
  SELECT * INTO p FROM public.policy_rule WHERE policy_version = d.policy_version AND kind = d.kind;
  IF p.kind IS NULL THEN PERFORM gate.refuse('G0', 'no rule of the policy allows this kind of decision'); END IF;
  v_count := gate.count_sign_offs(d, p);
  IF v_count < p.sign_offs THEN PERFORM gate.refuse('G13', format('%s of %s sign-offs', v_count, p.sign_offs)); END IF;
  RETURN null;
END $$;

-- Does the change do what its transition says, and nothing else to the gated columns?
CREATE FUNCTION gate.change_fits(a public.incident, b public.incident, t public.transition) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.from_status = a.status AND t.to_status = b.status
    AND (b.escalated_by IS NOT DISTINCT FROM CASE t.kind WHEN 'escalation' THEN t.decision_id ELSE a.escalated_by END)
    AND (b.contained_by IS NOT DISTINCT FROM CASE t.kind WHEN 'containment' THEN t.decision_id ELSE a.contained_by END)
    AND (b.closed_by IS NOT DISTINCT FROM CASE t.kind WHEN 'closure' THEN t.decision_id WHEN 'reopening' THEN null ELSE a.closed_by END)
    AND (t.kind IN ('closure', 'reopening') OR b.closed_at IS NOT DISTINCT FROM a.closed_at)
$$;

CREATE CONSTRAINT TRIGGER incident_gate AFTER INSERT OR UPDATE ON public.incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate.check_incident();
ALTER TABLE public.incident ENABLE ALWAYS TRIGGER incident_gate;

CREATE FUNCTION gate.check_transition() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.incident i WHERE i.id = new.incident_id AND i.version > new.from_version) THEN
    PERFORM gate.refuse('G15', 'a transition without its change');
  END IF;
  RETURN null;
END $$;
CREATE CONSTRAINT TRIGGER transition_gate AFTER INSERT ON public.transition
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate.check_transition();
ALTER TABLE public.transition ENABLE ALWAYS TRIGGER transition_gate;

-- A decision in effect has its transition: no state says "done" of something that was not done.
CREATE FUNCTION gate.check_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.transition t WHERE t.decision_id = new.id) THEN
    PERFORM gate.refuse('G15', 'a decision in effect without its transition');
  END IF;
  RETURN null;
END $$;
CREATE CONSTRAINT TRIGGER decision_effect AFTER UPDATE ON public.decision
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.state = 'in_effect') EXECUTE FUNCTION gate.check_effect();
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER decision_effect;
