-- Who may write what. What is not granted here is refused. The web login cannot update a gated column, write a
-- sign-off or a transition, or change a decision: it can only call the gate.

GRANT SELECT ON ALL TABLES IN SCHEMA public TO countersign_web;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO countersign_worker, countersign_auditor;
REVOKE SELECT ON public.person, public.session, public.api_token, public._prisma_migrations FROM countersign_worker, countersign_auditor;
REVOKE SELECT ON public._prisma_migrations FROM countersign_web;
GRANT SELECT (id, email, name, role, active, human, created_at) ON public.person TO countersign_worker, countersign_auditor;
GRANT SELECT ON public.session, public.api_token TO countersign_auditor;

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO countersign_web, countersign_worker;

-- People's work.
GRANT INSERT ON public.session, public.source, public.note, public.claim_review, public.decision TO countersign_web;
GRANT UPDATE (last_seen_at, revoked_at) ON public.session TO countersign_web;
GRANT UPDATE (name, format, sensitivity, active, token_sha256, token_hint) ON public.source TO countersign_web;
GRANT UPDATE (assignee_id, assigned_at, verdict, title) ON public.incident TO countersign_web;

-- Ingest: web by the alerts door, worker for what joins later.
GRANT INSERT ON public.incident, public.evidence_item, public.dead_letter, public.incident_observable, public.outbox TO countersign_web, countersign_worker;
GRANT UPDATE (severity, severity_rank, title, evidence_count, alert_count, event_count, evidence_root, evidence_peaks, claims_hash, summary_standing,
  first_evidence_at, last_evidence_at, last_activity_at, source_id, source_key, source_names, sla_due_at, merged_into_id)
  ON public.incident TO countersign_web, countersign_worker;
GRANT UPDATE (incident_id, position) ON public.evidence_item TO countersign_web, countersign_worker;
GRANT UPDATE (specific, count, first_at, last_at) ON public.incident_observable TO countersign_web, countersign_worker;
GRANT DELETE ON public.incident_observable TO countersign_web, countersign_worker;

-- Summaries: the worker's alone.
GRANT INSERT ON public.summary, public.claim, public.citation, public.model_run, public.prompt_version TO countersign_worker;
GRANT UPDATE (state, response, stop_reason, request_id, usage, error, finished_at) ON public.model_run TO countersign_worker;
GRANT UPDATE (relayed_at) ON public.outbox TO countersign_worker;
GRANT DELETE ON public.outbox TO countersign_worker;

GRANT EXECUTE ON FUNCTION gate.sign_salt(uuid), gate.sign_decision(uuid, uuid, text, bytea, bytea, text),
  gate.withdraw_decision(uuid, uuid, text), gate.set_work_status(uuid, uuid, text) TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.expire_decisions() TO countersign_worker;
GRANT EXECUTE ON FUNCTION gate.record_response(uuid, uuid, text, text) TO countersign_web, countersign_worker;

-- What a trigger that runs as its caller calls.
GRANT EXECUTE ON FUNCTION gate.facts_differ(public.incident, public.incident) TO countersign_web, countersign_worker;
GRANT EXECUTE ON FUNCTION gate.policy_version() TO countersign_web, countersign_worker, countersign_auditor;

-- The guards as they are meant to stand, so that a start can tell when one is gone.
CREATE TABLE gate.guard (name text PRIMARY KEY, digest text NOT NULL);

CREATE FUNCTION gate.guards_now() RETURNS TABLE (name text, digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('trigger %s on %s', t.tgname, t.tgrelid::regclass), md5(concat_ws('|', t.tgenabled, t.tgtype, t.tgfoid::regproc, t.tgdeferrable, t.tginitdeferred, t.tgattr))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('check %s on %s', k.conname, k.conrelid::regclass), md5(pg_get_constraintdef(k.oid) || k.convalidated)
  FROM pg_constraint k WHERE k.contype = 'c' AND k.connamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('function %s', f.oid::regprocedure), md5(concat_ws('|', f.prosrc, f.prosecdef, f.proconfig, f.proowner::regrole, f.proacl))
  FROM pg_proc f WHERE f.pronamespace IN ('trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('rights on %s', c.oid::regclass), md5(concat_ws('|', c.relacl, (SELECT string_agg(a.attname || a.attacl::text, ',' ORDER BY a.attname)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)))
  FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v') AND c.relname <> '_prisma_migrations'
    AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
$$;

-- Every migration that touches a table, a trigger, a function or a grant ends with `SELECT gate.record_guards()`.
CREATE FUNCTION gate.record_guards() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM gate.guard;
  INSERT INTO gate.guard SELECT * FROM gate.guards_now();
END $$;

-- What differs from how the migrations left it: missing, disabled, changed or added. Empty when all is well.
CREATE FUNCTION gate.missing_guards() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN n.name IS NULL THEN g.name || ' is gone' WHEN g.name IS NULL THEN n.name || ' was added' ELSE n.name || ' was changed' END
  FROM gate.guard g FULL JOIN gate.guards_now() n USING (name)
  WHERE g.digest IS DISTINCT FROM n.digest ORDER BY 1
$$;
GRANT EXECUTE ON FUNCTION gate.missing_guards() TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
