-- Which verifier gave a standing, and what a later one says of the same claim: new rows, never a changed one.

ALTER TABLE public.claim ADD COLUMN verifier text NOT NULL DEFAULT '1'
  CONSTRAINT claim_verifier CHECK (verifier ~ '^[1-9][0-9]{0,5}$');
-- The default was for the rows that were there; whoever writes a claim says who judged it.
ALTER TABLE public.claim ALTER COLUMN verifier DROP DEFAULT;

ALTER TABLE public.incident ADD COLUMN summary_verifier integer;
CREATE INDEX incident_summary_verifier_idx ON public.incident (summary_verifier, id)
  WHERE summary_verifier IS NOT NULL AND merged_into_id IS NULL;

CREATE TABLE public.claim_verification (
  id uuid NOT NULL,
  claim_id uuid NOT NULL,
  verifier text NOT NULL CONSTRAINT claim_verification_verifier CHECK (verifier ~ '^[1-9][0-9]{0,5}$'),
  standing text NOT NULL CONSTRAINT claim_verification_standing CHECK (standing IN ('supported', 'partial', 'unsupported', 'contradicted')),
  checks jsonb NOT NULL,
  uncovered jsonb NOT NULL,
  was text NOT NULL DEFAULT '' CONSTRAINT claim_verification_was CHECK (was IN ('supported', 'partial', 'unsupported', 'contradicted')),
  was_verifier text NOT NULL DEFAULT '',
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT claim_verification_pkey PRIMARY KEY (id),
  CONSTRAINT claim_verification_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES public.claim (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX claim_verification_claim_id_verifier_key ON public.claim_verification (claim_id, verifier);
CREATE INDEX claim_verification_verifier_was_standing_idx ON public.claim_verification (verifier, was, standing);
CREATE INDEX claim_verification_moved_idx ON public.claim_verification (verifier, id DESC) WHERE standing <> was;

-- Each claim with the word of the latest verifier that judged it.
CREATE VIEW public.claim_in_force AS
  SELECT c.id, c.summary_id, c.ordinal, c.front, c.text, c.kind, c.polarity, c.predicates,
         coalesce(v.standing, c.standing) AS standing, coalesce(v.verifier, c.verifier) AS verifier,
         coalesce(v.checks, c.checks) AS checks, coalesce(v.uncovered, c.uncovered) AS uncovered
  FROM public.claim c
  LEFT JOIN LATERAL (
    SELECT standing, verifier, checks, uncovered FROM public.claim_verification
    WHERE claim_id = c.id ORDER BY verifier::int DESC LIMIT 1) v ON true;

-- A claim is judged anew by a later verifier only, and the row says what stood before, by the database's own word.
CREATE FUNCTION gate.follow_verification() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT standing, verifier INTO STRICT new.was, new.was_verifier FROM public.claim_in_force WHERE id = new.claim_id;
  IF new.verifier::int <= new.was_verifier::int THEN
    RAISE EXCEPTION 'verification: verifier % has judged this claim, % is not later', new.was_verifier, new.verifier USING ERRCODE = '42501';
  END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER follow_verification BEFORE INSERT ON public.claim_verification FOR EACH ROW EXECUTE FUNCTION gate.follow_verification();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.claim_verification FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.claim_verification FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.claim_verification ENABLE ALWAYS TRIGGER follow_verification;
ALTER TABLE public.claim_verification ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE public.claim_verification ENABLE ALWAYS TRIGGER no_truncate;

-- The worker's alone, as summaries are.
GRANT SELECT ON public.claim_verification, public.claim_in_force TO countersign_web, countersign_worker, countersign_auditor;
GRANT INSERT ON public.claim_verification TO countersign_worker;
GRANT UPDATE (summary_verifier) ON public.incident TO countersign_worker;

-- As before, and `summary.reverified` is an entry of the worker's.
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
  IF (session_user = 'countersign_web' AND (v_noun IN ('model_run', 'prompt') OR p_kind IN ('summary.issued', 'summary.reverified')
      OR p_actor LIKE 'model:%' OR p_actor = 'system:worker'))
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

-- Likewise: what stands was judged by the first one. An incident without claims was judged by nobody. Last, because
-- the gate looks at each changed incident at commit, and nothing may alter the table before.
UPDATE public.incident SET summary_verifier = 1 WHERE summary_standing IS NOT NULL;

SELECT gate.record_guards();
