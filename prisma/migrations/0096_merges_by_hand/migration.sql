-- A merge by a person, and its undoing (docs/decisions/065). Neither touches a gated column: an incident in whose name
-- something is in effect, signed or waiting is not merged away, and none that is closed takes part.

CREATE TABLE public.incident_merge (
  id uuid NOT NULL,
  from_id uuid NOT NULL,
  into_id uuid NOT NULL,
  person_id uuid NOT NULL,
  reason text NOT NULL,
  -- records that `into` had; those of `from` follow in their order
  base int NOT NULL,
  count int NOT NULL,
  evidence_root bytea NOT NULL,
  -- both incidents, and what they have in common, as they were: what an undoing brings back
  from_before jsonb NOT NULL,
  into_before jsonb NOT NULL,
  observables_before jsonb NOT NULL,
  links_before jsonb NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT incident_merge_pkey PRIMARY KEY (id),
  CONSTRAINT incident_merge_from_id_fkey FOREIGN KEY (from_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_merge_into_id_fkey FOREIGN KEY (into_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_merge_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_merge_reason CHECK (char_length(btrim(reason)) BETWEEN 1 AND 2000)
);
CREATE INDEX incident_merge_from_id_idx ON public.incident_merge (from_id);
CREATE INDEX incident_merge_into_id_at_idx ON public.incident_merge (into_id, at);

CREATE TABLE public.incident_unmerge (
  merge_id uuid NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT incident_unmerge_pkey PRIMARY KEY (merge_id),
  CONSTRAINT incident_unmerge_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES public.incident_merge (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_unmerge_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.incident_merge FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.incident_merge FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.incident_merge ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.incident_unmerge FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.incident_unmerge FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.incident_unmerge ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER no_truncate;

GRANT SELECT ON public.incident_merge, public.incident_unmerge TO countersign_web, countersign_worker, countersign_auditor;

-- The decisions of an incident, alone or among others.
CREATE FUNCTION gate.decisions_of(p_incident uuid) RETURNS SETOF public.decision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM public.decision WHERE incident_id = p_incident
  UNION
  SELECT d.* FROM public.decision_incident m JOIN public.decision d ON d.id = m.decision_id WHERE m.incident_id = p_incident
$$;

-- Why one incident may not be merged into the other by a person; null when it may.
CREATE FUNCTION gate.merge_refusal(p_from uuid, p_into uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN f.id IS NULL OR i.id IS NULL THEN 'missing'
    WHEN f.id = i.id THEN 'itself'
    WHEN f.merged_into_id IS NOT NULL THEN 'merged'
    WHEN i.merged_into_id IS NOT NULL THEN 'into_merged'
    WHEN f.status = 'closed' THEN 'closed'
    WHEN i.status = 'closed' THEN 'into_closed'
    WHEN num_nonnulls(f.escalated_by, f.contained_by) > 0 THEN 'in_effect'
    WHEN EXISTS (SELECT FROM gate.decisions_of(f.id) WHERE state = 'proposed') THEN 'open'
    WHEN EXISTS (SELECT FROM gate.decisions_of(i.id) WHERE state = 'proposed') THEN 'into_open'
    WHEN EXISTS (SELECT FROM gate.decisions_of(f.id) d WHERE d.state = 'in_effect'
      OR EXISTS (SELECT FROM public.sign_off s WHERE s.decision_id = d.id)) THEN 'signed'
    WHEN EXISTS (SELECT FROM public.automation_stop WHERE incident_id = f.id)
      OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = f.id AND action <> 'collect_artifacts') THEN 'automation'
    WHEN f.evidence_count > 10000 THEN 'large'
  END
  FROM (VALUES (1)) AS one LEFT JOIN public.incident f ON f.id = p_from LEFT JOIN public.incident i ON i.id = p_into
$$;

-- Why a merge may not be undone; null when it may. Whatever a person or the gate built upon the joined records stands
-- in its way; a summary, which is written anew by itself, does not.
CREATE FUNCTION gate.unmerge_refusal(p_merge uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN m.id IS NULL THEN 'missing'
    WHEN EXISTS (SELECT FROM public.incident_unmerge WHERE merge_id = m.id) THEN 'undone'
    WHEN i.merged_into_id IS NOT NULL THEN 'into_merged'
    WHEN i.status = 'closed' THEN 'into_closed'
    WHEN i.evidence_root <> m.evidence_root THEN 'evidence'
    WHEN EXISTS (SELECT FROM gate.decisions_of(i.id) WHERE proposed_at >= m.at) THEN 'decision'
    WHEN i.verdict IS DISTINCT FROM m.into_before ->> 'verdict' THEN 'verdict'
    WHEN EXISTS (SELECT FROM public.claim_review WHERE incident_id = i.id AND at >= m.at) THEN 'review'
    WHEN EXISTS (SELECT FROM public.note WHERE incident_id = i.id AND at >= m.at) THEN 'note'
    WHEN EXISTS (SELECT FROM public.record_pin WHERE incident_id = i.id AND at >= m.at) THEN 'pin'
    WHEN EXISTS (SELECT FROM public.automation_stop WHERE incident_id = i.id AND at >= m.at)
      OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = i.id AND at >= m.at) THEN 'automation'
    WHEN EXISTS (SELECT FROM trail.erasure e JOIN trail.erasure_end x ON x.erasure_id = e.id
      WHERE e.incident_id = m.from_id AND x.outcome = 'approved') THEN 'erased'
  END
  FROM (VALUES (1)) AS one LEFT JOIN public.incident_merge m ON m.id = p_merge LEFT JOIN public.incident i ON i.id = m.into_id
$$;

-- Whoever merges, or undoes it, works on incidents.
CREATE FUNCTION gate.check_merger(p_person uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.person WHERE id = p_person AND active AND human AND role IN ('analyst', 'lead')) THEN
    PERFORM gate.refuse('G2', 'whoever merges must be an active analyst or lead');
  END IF;
END $$;

-- `p_root`, `p_peaks`: the root and the compact range of `into` once the records of `from` follow its own.
CREATE FUNCTION gate.merge_by_hand(p_id uuid, p_from uuid, p_into uuid, p_person uuid, p_reason text, p_root bytea, p_peaks bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f public.incident;
  i public.incident;
  v_payload text;
BEGIN
  PERFORM gate.check_merger(p_person);
  PERFORM FROM public.incident WHERE id IN (p_from, p_into) ORDER BY id FOR UPDATE;
  IF gate.merge_refusal(p_from, p_into) IS NOT NULL THEN PERFORM gate.refuse('G14', 'no merge of these incidents'); END IF;
  SELECT * INTO STRICT f FROM public.incident WHERE id = p_from;
  SELECT * INTO STRICT i FROM public.incident WHERE id = p_into;
  INSERT INTO public.incident_merge (id, from_id, into_id, person_id, reason, base, count, evidence_root, from_before, into_before, observables_before, links_before)
  VALUES (p_id, f.id, i.id, p_person, btrim(p_reason), i.evidence_count, f.evidence_count, p_root, to_jsonb(f), to_jsonb(i),
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM public.incident_observable o JOIN public.incident_observable x USING (type, value)
     WHERE o.incident_id = i.id AND x.incident_id = f.id),
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM public.incident_link o JOIN public.incident_link x USING (type, value)
     WHERE o.incident_id = i.id AND x.incident_id = f.id));
  UPDATE public.incident SET merged_into_id = i.id, last_activity_at = now(), evidence_count = 0, alert_count = 0, event_count = 0,
    evidence_root = sha256(''), evidence_peaks = '' WHERE id = f.id;
  UPDATE public.evidence_item SET incident_id = i.id, position = i.evidence_count + position WHERE incident_id = f.id;
  UPDATE public.incident SET last_activity_at = now(), evidence_root = p_root, evidence_peaks = p_peaks,
    evidence_count = i.evidence_count + f.evidence_count, alert_count = i.alert_count + f.alert_count, event_count = i.event_count + f.event_count,
    severity = CASE WHEN f.severity_rank > i.severity_rank THEN f.severity ELSE i.severity END,
    severity_rank = greatest(f.severity_rank, i.severity_rank),
    source_names = ARRAY(SELECT DISTINCT n FROM unnest(f.source_names || i.source_names) n ORDER BY 1),
    first_evidence_at = least(f.first_evidence_at, i.first_evidence_at), last_evidence_at = greatest(f.last_evidence_at, i.last_evidence_at)
  WHERE id = i.id;
  -- nobody gets more time by a merge
  UPDATE public.incident SET sla_due_at = least(sla_due_at, f.sla_due_at), decide_due_at = least(decide_due_at, f.decide_due_at) WHERE id = i.id;
  INSERT INTO public.incident_observable AS o (incident_id, type, value, specific, count, first_at, last_at)
    SELECT i.id, x.type, x.value, x.specific, x.count, x.first_at, x.last_at FROM public.incident_observable x WHERE x.incident_id = f.id
    ON CONFLICT (incident_id, type, value) DO UPDATE SET specific = o.specific OR excluded.specific, count = o.count + excluded.count,
      first_at = least(o.first_at, excluded.first_at), last_at = greatest(o.last_at, excluded.last_at);
  INSERT INTO public.incident_link AS k (incident_id, type, value, first_at, last_at)
    SELECT i.id, x.type, x.value, x.first_at, x.last_at FROM public.incident_link x WHERE x.incident_id = f.id
    ON CONFLICT (type, value, incident_id) DO UPDATE SET
      first_at = least(k.first_at, excluded.first_at), last_at = greatest(k.last_at, excluded.last_at);
  v_payload := trail.canonical(jsonb_build_object('into', 'INC-' || lpad(i.number::text, 6, '0'), 'from', 'INC-' || lpad(f.number::text, 6, '0'), 'fromId', f.id,
    'intoId', i.id, 'count', f.evidence_count, 'firstPosition', i.evidence_count + 1, 'reason', btrim(p_reason), 'mergeId', p_id));
  PERFORM trail.write('incident.merged', 'person:' || p_person, f.id, v_payload);
  PERFORM trail.write('incident.merged', 'person:' || p_person, i.id, v_payload);
  PERFORM trail.write('evidence.sealed', 'person:' || p_person, i.id, trail.canonical(jsonb_build_object(
    'evidenceCount', i.evidence_count + f.evidence_count, 'added', f.evidence_count, 'evidenceRoot', encode(p_root, 'hex'))));
END $$;

CREATE FUNCTION gate.undo_merge(p_merge uuid, p_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m public.incident_merge;
  f public.incident;
  i public.incident;
  v_payload text;
BEGIN
  PERFORM gate.check_merger(p_person);
  SELECT * INTO m FROM public.incident_merge WHERE id = p_merge;
  PERFORM FROM public.incident WHERE id IN (m.from_id, m.into_id) ORDER BY id FOR UPDATE;
  IF gate.unmerge_refusal(p_merge) IS NOT NULL THEN PERFORM gate.refuse('G14', 'no undoing of this merge'); END IF;
  f := jsonb_populate_record(null::public.incident, m.from_before);
  i := jsonb_populate_record(null::public.incident, m.into_before);
  INSERT INTO public.incident_unmerge (merge_id, person_id) VALUES (m.id, p_person);
  UPDATE public.evidence_item SET incident_id = m.from_id, position = position - m.base WHERE incident_id = m.into_id AND position > m.base;
  UPDATE public.incident SET merged_into_id = null, last_activity_at = now(), evidence_count = f.evidence_count, alert_count = f.alert_count,
    event_count = f.event_count, evidence_root = f.evidence_root, evidence_peaks = f.evidence_peaks WHERE id = m.from_id;
  UPDATE public.incident SET last_activity_at = now(), evidence_count = i.evidence_count, alert_count = i.alert_count, event_count = i.event_count,
    evidence_root = i.evidence_root, evidence_peaks = i.evidence_peaks, severity = i.severity, severity_rank = i.severity_rank,
    source_names = i.source_names, first_evidence_at = i.first_evidence_at, last_evidence_at = i.last_evidence_at WHERE id = m.into_id;
  UPDATE public.incident SET sla_due_at = i.sla_due_at, decide_due_at = i.decide_due_at WHERE id = m.into_id;
  DELETE FROM public.incident_observable o WHERE o.incident_id = m.into_id
    AND EXISTS (SELECT FROM public.incident_observable x WHERE x.incident_id = m.from_id AND x.type = o.type AND x.value = o.value);
  INSERT INTO public.incident_observable SELECT * FROM jsonb_populate_recordset(null::public.incident_observable, m.observables_before);
  DELETE FROM public.incident_link k WHERE k.incident_id = m.into_id
    AND EXISTS (SELECT FROM public.incident_link x WHERE x.incident_id = m.from_id AND x.type = k.type AND x.value = k.value);
  INSERT INTO public.incident_link SELECT * FROM jsonb_populate_recordset(null::public.incident_link, m.links_before);
  v_payload := trail.canonical(jsonb_build_object('into', 'INC-' || lpad(i.number::text, 6, '0'), 'from', 'INC-' || lpad(f.number::text, 6, '0'), 'fromId', f.id,
    'intoId', i.id, 'count', m.count, 'mergeId', m.id));
  PERFORM trail.write('incident.unmerged', 'person:' || p_person, f.id, v_payload);
  PERFORM trail.write('incident.unmerged', 'person:' || p_person, i.id, v_payload);
  PERFORM trail.write('evidence.sealed', 'person:' || p_person, f.id, trail.canonical(jsonb_build_object(
    'evidenceCount', f.evidence_count, 'added', f.evidence_count, 'evidenceRoot', encode(f.evidence_root, 'hex'))));
  PERFORM trail.write('evidence.sealed', 'person:' || p_person, i.id, trail.canonical(jsonb_build_object(
    'evidenceCount', i.evidence_count, 'added', 0, 'evidenceRoot', encode(i.evidence_root, 'hex'))));
END $$;

REVOKE ALL ON FUNCTION gate.decisions_of(uuid), gate.merge_refusal(uuid, uuid), gate.unmerge_refusal(uuid), gate.check_merger(uuid),
  gate.merge_by_hand(uuid, uuid, uuid, uuid, text, bytea, bytea), gate.undo_merge(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.merge_refusal(uuid, uuid), gate.unmerge_refusal(uuid),
  gate.merge_by_hand(uuid, uuid, uuid, uuid, text, bytea, bytea), gate.undo_merge(uuid, uuid) TO countersign_web;

-- As before by itself: only an incident that nobody touched is merged, once, into one that stands. By a person, what
-- gate.merge_by_hand has put on record in this transaction; back, what gate.undo_merge has. The one that takes the
-- records is locked, so that two cannot go into each other at once.
CREATE OR REPLACE FUNCTION gate.check_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.merged_into_id IS NULL THEN
    IF EXISTS (SELECT FROM public.incident_unmerge u JOIN public.incident_merge m ON m.id = u.merge_id
      WHERE m.from_id = new.id AND m.into_id = old.merged_into_id AND u.at = now()) THEN RETURN new; END IF;
  ELSIF old.merged_into_id IS NULL THEN
    PERFORM FROM public.incident WHERE id = new.merged_into_id AND merged_into_id IS NULL FOR SHARE;
    IF found AND (
      EXISTS (SELECT FROM public.incident_merge WHERE from_id = new.id AND into_id = new.merged_into_id AND at = now())
      OR NOT (new.status <> 'new' OR new.assignee_id IS NOT NULL OR new.verdict IS NOT NULL
        OR EXISTS (SELECT FROM public.decision WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.claim_review WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.note WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.automation_stop WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = new.id AND action <> 'collect_artifacts')))
    THEN RETURN new; END IF;
  END IF;
  RAISE EXCEPTION 'merge: only an untouched incident may be merged, once, into one that stands' USING ERRCODE = '42501';
END $$;

-- As before; back to where it was, too, when that merge is undone in this transaction.
CREATE OR REPLACE FUNCTION gate.check_evidence_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.incident_id = (SELECT merged_into_id FROM public.incident WHERE id = old.incident_id)
    OR EXISTS (SELECT FROM public.incident_unmerge u JOIN public.incident_merge m ON m.id = u.merge_id
      WHERE m.into_id = old.incident_id AND m.from_id = new.incident_id AND u.at = now()
        AND old.position BETWEEN m.base + 1 AND m.base + m.count AND new.position = old.position - m.base)
  THEN
    RETURN null;
  END IF;
  RAISE EXCEPTION 'append-only: evidence stays in its incident at its position' USING ERRCODE = '42501';
END $$;

SELECT gate.record_guards();
