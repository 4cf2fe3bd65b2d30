-- Whoever signed a policy or rules of automation that wait stands behind them until they take effect: when a signer is no
-- admin any more, what they signed lapses. And the rules of a policy that stands take no addition, signed or installed
-- (docs/decisions/069).

ALTER TABLE public.policy_version
  DROP CONSTRAINT policy_version_end_kind,
  ADD CONSTRAINT policy_version_end_kind CHECK (end_kind IN ('withdrawn', 'refused', 'overtaken', 'lapsed'));

ALTER TABLE public.automation_end
  DROP CONSTRAINT automation_end_kind,
  DROP CONSTRAINT automation_end_says,
  ADD CONSTRAINT automation_end_kind CHECK (kind IN ('withdrawn', 'overtaken', 'lapsed')),
  ADD CONSTRAINT automation_end_says CHECK (CASE kind WHEN 'withdrawn' THEN num_nonnulls(person_id, reason) = 2 AND by_version IS NULL
    WHEN 'lapsed' THEN person_id IS NOT NULL AND num_nonnulls(reason, by_version) = 0
    ELSE num_nonnulls(person_id, reason) = 0 AND by_version IS NOT NULL END);

-- Whether this person may sign what lets more happen: as gate.require_admin asks it, without refusing.
CREATE FUNCTION gate.is_admin(p_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.person m WHERE m.id = p_person AND m.active AND m.human AND m.role = 'admin')
$$;

-- Only what a signer left behind lapses; everything else that ends is withdrawn, refused or overtaken.
CREATE FUNCTION gate.check_lapse() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_table_name = 'automation_end' THEN
    IF NOT EXISTS (SELECT FROM public.automation_signature s WHERE s.version = new.version AND s.person_id = new.person_id
      AND NOT gate.is_admin(s.person_id))
    THEN
      PERFORM gate.refuse('G1', 'every signer of these rules is an admin still');
    END IF;
  ELSIF NOT EXISTS (SELECT FROM public.policy_signature s WHERE s.version = new.version AND NOT gate.is_admin(s.person_id)) THEN
    PERFORM gate.refuse('G1', 'every signer of this change is an admin still');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_lapse BEFORE UPDATE ON public.policy_version FOR EACH ROW
  WHEN (new.end_kind = 'lapsed' AND old.end_kind IS NULL) EXECUTE FUNCTION gate.check_lapse();
CREATE TRIGGER check_lapse BEFORE INSERT ON public.automation_end FOR EACH ROW
  WHEN (new.kind = 'lapsed') EXECUTE FUNCTION gate.check_lapse();
ALTER TABLE public.policy_version ENABLE ALWAYS TRIGGER check_lapse;
ALTER TABLE public.automation_end ENABLE ALWAYS TRIGGER check_lapse;

-- Under the locks that signing takes: who signs at the same moment either finds the signer gone or is found here.
CREATE FUNCTION gate.lapse_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_version int;
  v_was text;
BEGIN
  PERFORM pg_advisory_xact_lock(x'63676e33'::bigint);
  PERFORM gate.lock_automation();
  FOR v_version, v_was IN
    SELECT p.version, gate.policy_state(p) FROM public.policy_version p JOIN public.policy_signature s USING (version)
    WHERE s.person_id = new.id AND gate.policy_state(p) IN ('waiting', 'scheduled') ORDER BY p.version FOR UPDATE OF p
  LOOP
    UPDATE public.policy_version SET ended_at = clock_timestamp(), end_kind = 'lapsed' WHERE version = v_version;
    PERFORM trail.write('policy.lapsed', 'system:gate', null,
      trail.canonical(jsonb_build_object('version', v_version, 'was', v_was, 'signer', new.id)));
  END LOOP;
  FOR v_version, v_was IN
    SELECT s.version, gate.automation_state(s.version) FROM public.automation_signature s
    WHERE s.person_id = new.id AND gate.automation_state(s.version) IN ('proposed', 'scheduled') ORDER BY s.version
  LOOP
    INSERT INTO public.automation_end (version, kind, person_id) VALUES (v_version, 'lapsed', new.id);
    INSERT INTO public.outbox (kind) VALUES ('automation.changed');
    PERFORM trail.write('policy.automation_lapsed', 'system:gate', null,
      trail.canonical(jsonb_build_object('version', v_version, 'was', v_was, 'signer', new.id)));
  END LOOP;
  RETURN null;
END $$;
CREATE TRIGGER lapse_signed AFTER UPDATE ON public.person FOR EACH ROW
  WHEN (old.active AND old.human AND old.role = 'admin' AND NOT (new.active AND new.human AND new.role = 'admin'))
  EXECUTE FUNCTION gate.lapse_signed();
ALTER TABLE public.person ENABLE ALWAYS TRIGGER lapse_signed;

-- As before; and a version that has rules has all of them, whoever installed it.
CREATE OR REPLACE FUNCTION gate.publish_policy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v record;
  p public.policy_version;
BEGIN
  FOR v IN SELECT policy_version, jsonb_agg(to_jsonb(r) - 'policy_version' ORDER BY kind, number) AS rules FROM added r GROUP BY 1 ORDER BY 1 LOOP
    SELECT * INTO p FROM public.policy_version WHERE version = v.policy_version;
    IF p.statement IS NOT NULL THEN
      IF gate.policy_rules(p.version) IS DISTINCT FROM p.statement::jsonb -> 'rules' THEN
        PERFORM gate.refuse('G5', 'the rules are not those of the statement');
      END IF;
      CONTINUE;
    END IF;
    IF (SELECT count(*) FROM public.policy_rule r WHERE r.policy_version = v.policy_version) > jsonb_array_length(v.rules) THEN
      PERFORM gate.refuse('G5', 'the rules of a policy that stands take no addition');
    END IF;
    IF p.version IS NULL THEN
      INSERT INTO public.policy_version (version, reason, weakens, delay_minutes) VALUES (v.policy_version, 'Installed with the product.', false, 0);
      PERFORM gate.overtake_policies(v.policy_version);
    END IF;
    PERFORM trail.write('policy.published', 'system:owner', null,
      trail.canonical(jsonb_build_object('version', v.policy_version, 'rules', v.rules)));
  END LOOP;
  RETURN null;
END $$;

SELECT gate.record_guards();
