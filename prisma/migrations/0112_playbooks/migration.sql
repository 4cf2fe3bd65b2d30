-- Leads and admins write playbooks, version by version; a version without steps takes the playbook out of what is offered
-- (docs/decisions/079).

ALTER TABLE public.playbook ADD CONSTRAINT playbook_limits CHECK (
  char_length(name) BETWEEN 1 AND 100 AND char_length(reason) BETWEEN 1 AND 500 AND rank BETWEEN 0 AND 1000
  AND incident_types <@ gate.incident_type_names());
ALTER TABLE public.playbook_step ADD CONSTRAINT playbook_step_limits CHECK (
  number BETWEEN 1 AND 50 AND char_length(title) BETWEEN 1 AND 200 AND char_length(details) <= 2000
  AND (tactic IS NULL OR tactic = ANY (gate.incident_type_names())));
-- A name stands once, however it is written.
CREATE UNIQUE INDEX playbook_name_version_key ON public.playbook (lower(name), version);

-- The number of the new version; null where `p_after` is not the newest of that name any more (0: there is none), and
-- nothing was written. `p_steps`: an array of {title, details, tactic}, in order; none retires it.
CREATE FUNCTION gate.write_playbook(p_person uuid, p_name text, p_after int, p_types text[], p_rank int, p_steps jsonb, p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person; v_newest int; v_steps jsonb;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = p_person FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'whoever writes a playbook must be an active person'); END IF;
  IF m.role NOT IN ('lead', 'admin') THEN PERFORM gate.refuse('G3', 'the role may not write a playbook'); END IF;
  LOCK TABLE public.playbook IN SHARE ROW EXCLUSIVE MODE;
  SELECT coalesce(max(version), 0) INTO v_newest FROM public.playbook
  WHERE lower(name) = lower(p_name) AND (name = p_name OR p_after = 0);
  IF v_newest <> p_after THEN RETURN null; END IF;
  INSERT INTO public.playbook (name, version, incident_types, rank, reason, by_id, at)
  VALUES (p_name, v_newest + 1, p_types, p_rank, p_reason, p_person, clock_timestamp());
  INSERT INTO public.playbook_step (playbook, version, number, title, details, tactic)
  SELECT p_name, v_newest + 1, number, step ->> 'title', step ->> 'details', step ->> 'tactic'
  FROM jsonb_array_elements(p_steps) WITH ORDINALITY AS each (step, number);
  SELECT coalesce(jsonb_agg(jsonb_build_object('title', title, 'details', details, 'tactic', tactic) ORDER BY number), '[]') INTO v_steps
  FROM public.playbook_step WHERE playbook = p_name AND version = v_newest + 1;
  PERFORM trail.write('playbook.written', 'person:' || p_person, null, trail.canonical(jsonb_build_object('playbook', p_name,
    'version', v_newest + 1, 'incidentTypes', to_jsonb(p_types), 'rank', p_rank, 'stepCount', jsonb_array_length(v_steps), 'steps', v_steps, 'reason', p_reason)));
  RETURN v_newest + 1;
END $$;
REVOKE ALL ON FUNCTION gate.write_playbook(uuid, text, int, text[], int, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.write_playbook(uuid, text, int, text[], int, jsonb, text) TO countersign_web;

SELECT gate.record_guards();
