-- What SQL by a runtime login could still pretend: a proof used for a second decision, a session brought back to
-- life, an entry of the trail that another process or the gate would have written.

-- A proof fits a statement, and a person signs a decision once. So that a proof counts once at all, a statement
-- belongs to one decision: else a rejected one is proposed again word for word, and the rejection's proof approves it.
CREATE UNIQUE INDEX decision_statement_once ON public.decision (statement_sha256);
CREATE UNIQUE INDEX sign_off_proof_once ON public.sign_off (proof);

-- A session opens now, for an active person in their present role. It is used now or ends now, and what has
-- ended stays ended.
CREATE FUNCTION gate.check_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM public.person p WHERE p.id = new.person_id AND p.role = new.role AND p.active AND p.human) THEN
      RAISE EXCEPTION 'session: only for an active person in their present role' USING ERRCODE = '42501';
    END IF;
    new.created_at := clock_timestamp();
    new.last_seen_at := new.created_at;
    new.revoked_at := null;
    RETURN new;
  END IF;
  IF (new.id, new.person_id, new.role, new.created_at) IS DISTINCT FROM (old.id, old.person_id, old.role, least(new.created_at, old.created_at))
    OR (old.revoked_at IS NOT NULL AND (new.revoked_at, new.last_seen_at) IS DISTINCT FROM (old.revoked_at, old.last_seen_at))
  THEN
    RAISE EXCEPTION 'session: what has ended stays ended' USING ERRCODE = '42501';
  END IF;
  IF new.last_seen_at > old.last_seen_at THEN
    IF old.last_seen_at < clock_timestamp() - interval '30 minutes' OR old.created_at < clock_timestamp() - interval '12 hours' THEN
      RAISE EXCEPTION 'session: what has ended stays ended' USING ERRCODE = '42501';
    END IF;
    new.last_seen_at := least(new.last_seen_at, clock_timestamp());
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_session BEFORE INSERT OR UPDATE ON public.session FOR EACH ROW EXECUTE FUNCTION gate.check_session();
ALTER TABLE public.session ENABLE ALWAYS TRIGGER check_session;

-- Another role, another password or no account any more ends a person's sessions for good; a role that is given back
-- does not bring them back.
CREATE FUNCTION gate.end_sessions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.session SET revoked_at = clock_timestamp() WHERE person_id = new.id AND revoked_at IS NULL;
  RETURN null;
END $$;
CREATE TRIGGER end_sessions AFTER UPDATE ON public.person FOR EACH ROW
  WHEN ((new.role, new.active, new.human, new.password_hash) IS DISTINCT FROM (old.role, old.active, old.human, old.password_hash))
  EXECUTE FUNCTION gate.end_sessions();
ALTER TABLE public.person ENABLE ALWAYS TRIGGER end_sessions;

-- What a person wrote is dated by the database.
CREATE FUNCTION gate.date_now() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER date_now BEFORE INSERT ON public.note FOR EACH ROW EXECUTE FUNCTION gate.date_now();
CREATE TRIGGER date_now BEFORE INSERT ON public.claim_review FOR EACH ROW EXECUTE FUNCTION gate.date_now();
ALTER TABLE public.note ENABLE ALWAYS TRIGGER date_now;
ALTER TABLE public.claim_review ENABLE ALWAYS TRIGGER date_now;

-- Each login writes the entries of its own work. The first list speaks for the gate, the owner or the signer, who
-- write past this function.
CREATE OR REPLACE FUNCTION trail.append(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_noun text := split_part(p_kind, '.', 1);
BEGIN
  IF p_kind IS NULL OR p_kind !~ '^[a-z_]+\.[a-z_]+$' THEN
    RAISE EXCEPTION 'trail: % is not a kind of entry', coalesce(p_kind, 'null') USING ERRCODE = '22023';
  END IF;
  IF v_noun IN ('decision', 'policy', 'role', 'checkpoint', 'person', 'response', 'passkey')
    OR p_kind IN ('incident.status_changed', 'evidence.dropped') OR p_actor IN ('system:gate', 'system:owner', 'system:responder')
  THEN
    RAISE EXCEPTION 'trail: the kind % is reserved', p_kind USING ERRCODE = '42501';
  END IF;
  IF (session_user = 'countersign_web' AND (v_noun IN ('model_run', 'prompt') OR p_kind = 'summary.issued' OR p_actor LIKE 'model:%' OR p_actor = 'system:worker'))
    OR (session_user = 'countersign_worker' AND (v_noun IN ('session', 'source', 'note', 'claim', 'verdict', 'export')
      OR p_kind IN ('evidence.read', 'incident.assigned', 'summary.requested') OR p_actor LIKE 'person:%'))
  THEN
    RAISE EXCEPTION 'trail: % by % is not for this login', p_kind, p_actor USING ERRCODE = '42501';
  END IF;
  IF p_actor ~ '^person:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    AND NOT EXISTS (SELECT FROM public.person WHERE id = substr(p_actor, 8)::uuid)
  THEN
    RAISE EXCEPTION 'trail: no such actor' USING ERRCODE = '22023';
  END IF;
  RETURN trail.write(p_kind, p_actor, p_incident, p_payload);
END $$;

-- Unique indexes are guards too: those above, one open proposal of a kind, one signature of a person.
CREATE OR REPLACE FUNCTION gate.guards_now() RETURNS TABLE (name text, digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('trigger %s on %s', t.tgname, t.tgrelid::regclass), md5(concat_ws('|', t.tgenabled, t.tgtype, t.tgfoid::regproc, t.tgdeferrable, t.tginitdeferred, t.tgattr))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('check %s on %s', k.conname, k.conrelid::regclass), md5(pg_get_constraintdef(k.oid) || k.convalidated)
  FROM pg_constraint k WHERE k.contype = 'c' AND k.connamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('unique %s on %s', x.indexrelid::regclass, x.indrelid::regclass), md5(pg_get_indexdef(x.indexrelid) || x.indisvalid)
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
  WHERE x.indisunique AND c.relname <> '_prisma_migrations' AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('function %s', f.oid::regprocedure), md5(concat_ws('|', f.prosrc, f.prosecdef, f.proconfig, f.proowner::regrole, f.proacl))
  FROM pg_proc f WHERE f.pronamespace IN ('trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('rights on %s', c.oid::regclass), md5(concat_ws('|', c.relacl, (SELECT string_agg(a.attname || a.attacl::text, ',' ORDER BY a.attname)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)))
  FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v') AND c.relname <> '_prisma_migrations'
    AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
$$;

SELECT gate.record_guards();
