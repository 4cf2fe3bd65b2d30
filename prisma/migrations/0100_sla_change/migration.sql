-- An admin changes the service clocks by a new version; the earlier ones stay, and so do the clocks of what is open
-- (docs/decisions/068).

-- What is worse is never waited for longer. Versions that were written by hand before this stay as they are.
ALTER TABLE public.sla_policy ADD CONSTRAINT sla_policy_order CHECK (
  assign_minutes[1] >= assign_minutes[2] AND assign_minutes[2] >= assign_minutes[3] AND assign_minutes[3] >= assign_minutes[4] AND assign_minutes[4] >= assign_minutes[5]
  AND decide_minutes[1] >= decide_minutes[2] AND decide_minutes[2] >= decide_minutes[3] AND decide_minutes[3] >= decide_minutes[4] AND decide_minutes[4] >= decide_minutes[5]) NOT VALID;

-- The number of the new version; null where `p_after` is not the newest any more, and nothing was written.
CREATE FUNCTION gate.set_sla(p_person uuid, p_after int, p_assign int[], p_decide int[], p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person; v_newest int;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = p_person FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'whoever sets the service clocks must be an active person'); END IF;
  IF m.role <> 'admin' THEN PERFORM gate.refuse('G3', 'the role may not set the service clocks'); END IF;
  LOCK TABLE public.sla_policy IN SHARE ROW EXCLUSIVE MODE;
  SELECT max(version) INTO v_newest FROM public.sla_policy;
  IF v_newest IS DISTINCT FROM p_after THEN RETURN null; END IF;
  INSERT INTO public.sla_policy (version, assign_minutes, decide_minutes, reason, by_id, at)
  VALUES (v_newest + 1, p_assign, p_decide, p_reason, p_person, clock_timestamp());
  PERFORM trail.write('policy.clocks_set', 'person:' || p_person, null, trail.canonical(jsonb_build_object('version', v_newest + 1,
    'assignMinutes', to_jsonb(p_assign), 'decideMinutes', to_jsonb(p_decide), 'reason', p_reason)));
  RETURN v_newest + 1;
END $$;
REVOKE ALL ON FUNCTION gate.set_sla(uuid, int, int[], int[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.set_sla(uuid, int, int[], int[], text) TO countersign_web;

SELECT gate.record_guards();
