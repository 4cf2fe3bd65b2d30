-- Work that waits in an incident is not merged away with it: tasks that are open, and a hand-over nobody took over yet.

-- As before, and these two.
CREATE OR REPLACE FUNCTION gate.merge_refusal(p_from uuid, p_into uuid) RETURNS text
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
    WHEN EXISTS (SELECT FROM public.incident_task t LEFT JOIN LATERAL (
        SELECT state, removed FROM public.task_state z WHERE z.task_id = t.id ORDER BY number DESC LIMIT 1) AS s ON true
      WHERE t.incident_id = f.id AND coalesce(s.state, 'open') = 'open' AND NOT coalesce(s.removed, false)) THEN 'tasks'
    WHEN EXISTS (SELECT FROM public.handover h WHERE h.incident_id = f.id AND h.to_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM public.handover_taken k WHERE k.handover_id = h.id)
      AND h.id = (SELECT id FROM public.handover WHERE incident_id = f.id ORDER BY at DESC, id DESC LIMIT 1)) THEN 'handover'
    WHEN f.evidence_count > 10000 THEN 'large'
  END
  FROM (VALUES (1)) AS one LEFT JOIN public.incident f ON f.id = p_from LEFT JOIN public.incident i ON i.id = p_into
$$;

-- As before, and by itself no incident is merged that has tasks.
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
        OR EXISTS (SELECT FROM public.incident_task WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.automation_stop WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = new.id AND action <> 'collect_artifacts')))
    THEN RETURN new; END IF;
  END IF;
  RAISE EXCEPTION 'merge: only an untouched incident may be merged, once, into one that stands' USING ERRCODE = '42501';
END $$;

-- As before; that something was collected by itself stands in no way, as it does not when incidents are merged.
CREATE OR REPLACE FUNCTION gate.unmerge_refusal(p_merge uuid) RETURNS text
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
      OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = i.id AND decided_at >= m.at AND action <> 'collect_artifacts') THEN 'automation'
    WHEN EXISTS (SELECT FROM trail.erasure e JOIN trail.erasure_end x ON x.erasure_id = e.id
      WHERE e.incident_id = m.from_id AND x.outcome = 'approved') THEN 'erased'
  END
  FROM (VALUES (1)) AS one LEFT JOIN public.incident_merge m ON m.id = p_merge LEFT JOIN public.incident i ON i.id = m.into_id
$$;

SELECT gate.record_guards();
