-- Notices of what ran by itself, of what stopped itself, and of weaker rules that wait. Written with what happened, as
-- all notices are.

ALTER TABLE public.notice_event
  ADD COLUMN act_id uuid,
  ADD COLUMN stop_id uuid,
  ADD COLUMN policy_version integer,
  ADD COLUMN automation_version integer,
  ADD CONSTRAINT notice_event_act_id_fkey FOREIGN KEY (act_id) REFERENCES public.automatic_act (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT notice_event_stop_id_fkey FOREIGN KEY (stop_id) REFERENCES public.automation_stop (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT notice_event_policy_version_fkey FOREIGN KEY (policy_version) REFERENCES public.policy_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT notice_event_automation_version_fkey FOREIGN KEY (automation_version) REFERENCES public.automation_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  DROP CONSTRAINT notice_event_kind,
  ADD CONSTRAINT notice_event_kind CHECK (
    num_nonnulls(decision_id, passkey_id, act_id, stop_id, policy_version, automation_version) = 1 AND CASE
    WHEN kind IN ('decision.waiting', 'decision.signed', 'decision.rejected', 'decision.expired', 'decision.went_stale', 'decision.took_effect')
      THEN decision_id IS NOT NULL
    WHEN kind IN ('passkey.enrolled', 'passkey.revoked') THEN passkey_id IS NOT NULL
    WHEN kind = 'automation.isolated' THEN act_id IS NOT NULL
    WHEN kind = 'automation.stopped' THEN stop_id IS NOT NULL
    WHEN kind = 'automation.waiting' THEN automation_version IS NOT NULL
    WHEN kind IN ('policy.waiting', 'policy.scheduled') THEN policy_version IS NOT NULL
    ELSE false END);
CREATE INDEX notice_event_act_id_idx ON public.notice_event (act_id);
CREATE INDEX notice_event_stop_id_idx ON public.notice_event (stop_id);
CREATE INDEX notice_event_policy_version_idx ON public.notice_event (policy_version);
CREATE INDEX notice_event_automation_version_idx ON public.notice_event (automation_version);

ALTER TABLE public.notice_wish
  DROP CONSTRAINT notice_wish_kind,
  ADD CONSTRAINT notice_wish_kind CHECK (kind ~ '^(decision|passkey|automation|policy)\.[a-z_]{1,20}$');

-- Tells people of one thing: in the app, by mail as far as each wants it, and by webhook, once for all. Its id and its
-- time are given here.
CREATE FUNCTION gate.tell(p_event public.notice_event, p_people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  p_event.id := gate.uuid_v7();
  p_event.at := clock_timestamp();
  INSERT INTO public.notice_event SELECT p_event.*;
  INSERT INTO public.notice (person_id, event_id, at) SELECT DISTINCT person_id, p_event.id, p_event.at FROM unnest(p_people) AS person_id;
  INSERT INTO public.notice_delivery (id, event_id, person_id, due_at)
    SELECT gate.uuid_v7(), p_event.id, n.person_id, p_event.at FROM public.notice n
    LEFT JOIN public.notice_wish w ON w.person_id = n.person_id AND w.kind = p_event.kind
    WHERE n.event_id = p_event.id AND coalesce(w.by_mail, public.mailed_by_default(p_event.kind));
  INSERT INTO public.notice_delivery (id, event_id, due_at) VALUES (gate.uuid_v7(), p_event.id, p_event.at);
END $$;

CREATE OR REPLACE FUNCTION gate.give_notice(p_kind text, p_decision uuid, p_passkey uuid, p_actor uuid, p_people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event public.notice_event;
BEGIN
  v_event.kind := p_kind;
  v_event.decision_id := p_decision;
  v_event.passkey_id := p_passkey;
  v_event.actor_id := p_actor;
  PERFORM gate.tell(v_event, p_people);
END $$;

-- Whoever answers for an incident that automation touched: every lead, and whose incident it is.
CREATE FUNCTION gate.answerable_for(p_incident uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT id FROM public.person WHERE active AND human
    AND (role = 'lead' OR id = (SELECT assignee_id FROM public.incident WHERE id = p_incident)))
$$;

-- Whoever watches over the rules: every admin and every lead but the one who did it.
CREATE FUNCTION gate.watching_rules(p_actor uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT id FROM public.person WHERE active AND human AND role IN ('admin', 'lead') AND id <> p_actor)
$$;

CREATE FUNCTION gate.notice_of_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event public.notice_event;
BEGIN
  v_event.kind := 'automation.isolated';
  v_event.act_id := new.id;
  PERFORM gate.tell(v_event, gate.answerable_for(new.incident_id));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_act AFTER INSERT ON public.automatic_act FOR EACH ROW WHEN (new.action = 'isolate_host') EXECUTE FUNCTION gate.notice_of_act();
ALTER TABLE public.automatic_act ENABLE ALWAYS TRIGGER notice_of_act;

-- By itself, that is; what a person stopped stands with their words in the log of automation.
CREATE FUNCTION gate.notice_of_stop() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event public.notice_event;
BEGIN
  v_event.kind := 'automation.stopped';
  v_event.stop_id := new.id;
  PERFORM gate.tell(v_event, gate.answerable_for(new.incident_id));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_stop AFTER INSERT ON public.automation_stop FOR EACH ROW WHEN (new.person_id IS NULL) EXECUTE FUNCTION gate.notice_of_stop();
ALTER TABLE public.automation_stop ENABLE ALWAYS TRIGGER notice_of_stop;

-- Rules that one signature does not put in force.
CREATE FUNCTION gate.notice_of_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event public.notice_event;
BEGIN
  IF EXISTS (SELECT FROM public.automation_in_force WHERE version = new.version) THEN RETURN null; END IF;
  v_event.kind := 'automation.waiting';
  v_event.automation_version := new.version;
  v_event.actor_id := new.person_id;
  PERFORM gate.tell(v_event, gate.watching_rules(new.person_id));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_rules AFTER INSERT ON public.automation_signature FOR EACH ROW EXECUTE FUNCTION gate.notice_of_rules();
ALTER TABLE public.automation_signature ENABLE ALWAYS TRIGGER notice_of_rules;

CREATE FUNCTION gate.tell_of_policy(p_kind text, p_version int, p_actor uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event public.notice_event;
BEGIN
  v_event.kind := p_kind;
  v_event.policy_version := p_version;
  v_event.actor_id := p_actor;
  PERFORM gate.tell(v_event, gate.watching_rules(p_actor));
END $$;

-- A weaker policy is told of twice: when it waits for a second admin, and when it waits for its time.
CREATE FUNCTION gate.notice_of_weaker_policy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p public.policy_version;
BEGIN
  SELECT * INTO STRICT p FROM public.policy_version WHERE version = new.version;
  IF p.weakens AND gate.count_policy_signatures(p.version) < gate.policy_signatures_needed(p.weakens) THEN
    PERFORM gate.tell_of_policy('policy.waiting', p.version, new.person_id);
  END IF;
  RETURN null;
END $$;
CREATE TRIGGER notice_of_weaker_policy AFTER INSERT ON public.policy_signature FOR EACH ROW EXECUTE FUNCTION gate.notice_of_weaker_policy();
ALTER TABLE public.policy_signature ENABLE ALWAYS TRIGGER notice_of_weaker_policy;

CREATE FUNCTION gate.notice_of_delay() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.tell_of_policy('policy.scheduled', new.version,
    (SELECT person_id FROM public.policy_signature WHERE version = new.version ORDER BY at DESC, person_id LIMIT 1));
  RETURN null;
END $$;
CREATE TRIGGER notice_of_delay AFTER UPDATE OF effective_at ON public.policy_version FOR EACH ROW
  WHEN (old.effective_at IS NULL AND new.effective_at IS NOT NULL AND new.weakens) EXECUTE FUNCTION gate.notice_of_delay();
ALTER TABLE public.policy_version ENABLE ALWAYS TRIGGER notice_of_delay;

SELECT gate.record_guards();
