-- The gate, part one: what may stand in a row at all, and what may never change again.

CREATE SCHEMA gate;
GRANT USAGE ON SCHEMA gate TO countersign_web, countersign_worker, countersign_auditor;

-- What checks a sign-off: argon2id(password, salt). No login but the owner reads it; see docs/decisions.
CREATE TABLE gate.sign_key (
  person_id uuid PRIMARY KEY REFERENCES public.person (id),
  salt bytea NOT NULL CHECK (octet_length(salt) >= 16),
  key bytea NOT NULL CHECK (octet_length(key) = 32)
);

ALTER TABLE public.person
  ADD CONSTRAINT person_role CHECK (role IN ('analyst', 'lead', 'auditor', 'admin')),
  ADD CONSTRAINT person_email CHECK (email = lower(email));
ALTER TABLE public.source
  ADD CONSTRAINT source_sensitivity CHECK (sensitivity IN ('clear', 'green', 'amber', 'amber_strict', 'red'));
ALTER TABLE public.incident
  ADD CONSTRAINT incident_severity CHECK ((severity, severity_rank) IN (('informational', 1), ('low', 2), ('medium', 3), ('high', 4), ('critical', 5))),
  ADD CONSTRAINT incident_status CHECK (status IN ('new', 'in_progress', 'on_hold', 'closed')),
  ADD CONSTRAINT incident_verdict CHECK (verdict IN ('false_positive', 'true_positive', 'disregard', 'suspicious', 'benign', 'test', 'insufficient_data', 'security_risk', 'managed_externally', 'duplicate')),
  ADD CONSTRAINT incident_closed CHECK ((status = 'closed') = (closed_by IS NOT NULL) AND (closed_by IS NULL) = (closed_at IS NULL)),
  ADD CONSTRAINT incident_hashes CHECK (octet_length(evidence_root) = 32 AND octet_length(claims_hash) = 32 AND octet_length(evidence_peaks) % 32 = 0),
  ADD CONSTRAINT incident_merged FOREIGN KEY (merged_into_id) REFERENCES public.incident (id),
  ADD CONSTRAINT incident_not_itself CHECK (merged_into_id <> id);
ALTER TABLE public.evidence_item
  ADD CONSTRAINT evidence_kind CHECK (kind IN ('alert', 'event', 'incident')),
  ADD CONSTRAINT evidence_place CHECK ((incident_id IS NULL) = (position IS NULL) AND position >= 1),
  ADD CONSTRAINT evidence_digest CHECK (raw_sha256 = sha256(raw));
ALTER TABLE public.model_run
  ADD CONSTRAINT model_run_state CHECK (state IN ('queued', 'streaming', 'finished', 'failed', 'cancelled', 'refused'));
ALTER TABLE public.summary
  ADD CONSTRAINT summary_origin CHECK (origin IN ('rules', 'model') AND state IN ('complete', 'incomplete')),
  ADD CONSTRAINT summary_run CHECK ((origin = 'model') = (model_run_id IS NOT NULL));
ALTER TABLE public.claim
  ADD CONSTRAINT claim_standing CHECK (standing IN ('supported', 'partial', 'unsupported', 'contradicted'));
ALTER TABLE public.claim_review
  ADD CONSTRAINT claim_review_outcome CHECK (outcome IN ('accepted', 'disputed', 'corrected'));
ALTER TABLE public.policy_rule
  ADD CONSTRAINT policy_rule_kind CHECK (kind IN ('escalation', 'containment', 'closure', 'reopening')),
  ADD CONSTRAINT policy_rule_bounds CHECK (sign_offs BETWEEN 1 AND 5 AND proposal_minutes > 0 AND sign_off_minutes > 0
    AND min_role IN ('analyst', 'lead') AND assurance IN ('password', 'passkey'));
ALTER TABLE public.decision
  ADD CONSTRAINT decision_kind CHECK (kind IN ('escalation', 'containment', 'closure', 'reopening')),
  ADD CONSTRAINT decision_state CHECK (state IN ('proposed', 'in_effect', 'refused', 'rejected', 'withdrawn', 'expired', 'stale')),
  ADD CONSTRAINT decision_settled CHECK ((state = 'proposed') = (settled_at IS NULL));
ALTER TABLE public.sign_off
  ADD CONSTRAINT sign_off_outcome CHECK (outcome IN ('approved', 'rejected')),
  ADD CONSTRAINT sign_off_assurance CHECK (assurance IN ('password', 'passkey'));
ALTER TABLE public.response_run
  ADD CONSTRAINT response_run_outcome CHECK (outcome IN ('dispatched', 'verified', 'failed', 'unknown'));
-- No move that is no move: a gate that looks only at changes would not see it.
ALTER TABLE public.transition
  ADD CONSTRAINT g14_legal CHECK (
    (kind IN ('escalation', 'containment') AND from_status = to_status AND from_status IN ('new', 'in_progress', 'on_hold'))
    OR (kind = 'closure' AND from_status IN ('new', 'in_progress', 'on_hold') AND to_status = 'closed')
    OR (kind = 'reopening' AND from_status = 'closed' AND to_status = 'in_progress'));

CREATE UNIQUE INDEX decision_one_open ON public.decision (incident_id, kind) WHERE state = 'proposed';
CREATE INDEX incident_open_merged ON public.incident (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- UUIDv7, for Postgres before 18 too.
CREATE FUNCTION gate.uuid_v7() RETURNS uuid
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
    substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- Facts that a decision froze: when one changes, the incident's version steps by one. Nothing else sets it.
CREATE FUNCTION gate.step_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.version := old.version;
  IF gate.facts_differ(old, new) THEN
    new.version := old.version + 1;
  END IF;
  RETURN new;
END $$;

CREATE FUNCTION gate.facts_differ(a public.incident, b public.incident) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (a.severity, a.status, a.verdict, a.evidence_count, a.evidence_root, a.claims_hash, a.escalated_by, a.contained_by, a.closed_by, a.merged_into_id)
    IS DISTINCT FROM (b.severity, b.status, b.verdict, b.evidence_count, b.evidence_root, b.claims_hash, b.escalated_by, b.contained_by, b.closed_by, b.merged_into_id)
$$;

CREATE TRIGGER step_version BEFORE UPDATE ON public.incident FOR EACH ROW EXECUTE FUNCTION gate.step_version();
ALTER TABLE public.incident ENABLE ALWAYS TRIGGER step_version;

-- Rows that an auditor might ask about: no change, no deletion.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['sign_off', 'transition', 'claim', 'citation', 'summary', 'claim_review', 'note', 'prompt_version', 'dead_letter', 'policy_rule'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['incident', 'evidence_item', 'decision', 'response_run', 'model_run', 'person'] LOOP
    EXECUTE format('CREATE TRIGGER no_deletion BEFORE DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_deletion', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['sign_off', 'transition', 'claim', 'citation', 'summary', 'claim_review', 'note', 'prompt_version', 'dead_letter', 'policy_rule',
    'incident', 'evidence_item', 'decision', 'response_run', 'model_run', 'person'] LOOP
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_truncate', name);
  END LOOP;
END $$;

-- Evidence: every column but its place in an incident is fixed at ingest.
CREATE TRIGGER fixed BEFORE UPDATE OF id, source_id, record_key, kind, format, time, time_quality, received_at, severity, title, fields, observables, raw, raw_sha256
  ON public.evidence_item FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.evidence_item ENABLE ALWAYS TRIGGER fixed;
-- What was asked of a model is fixed when it is asked; what it answered, when it is written.
CREATE TRIGGER fixed BEFORE UPDATE OF id, incident_id, prompt_version_id, model, idem, request, request_sha256, incident_version, evidence_root, started_at
  ON public.model_run FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER finished BEFORE UPDATE ON public.model_run FOR EACH ROW
  WHEN (old.state IN ('finished', 'failed', 'cancelled', 'refused')) EXECUTE FUNCTION trail.deny();
ALTER TABLE public.model_run ENABLE ALWAYS TRIGGER fixed;
ALTER TABLE public.model_run ENABLE ALWAYS TRIGGER finished;

-- The place of a record is given once; it moves only with an incident that was merged away, into what took it.
CREATE FUNCTION gate.check_evidence_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.incident_id = (SELECT merged_into_id FROM public.incident WHERE id = old.incident_id) THEN
    RETURN null;
  END IF;
  RAISE EXCEPTION 'append-only: evidence stays in its incident at its position' USING ERRCODE = '42501';
END $$;
CREATE CONSTRAINT TRIGGER evidence_move AFTER UPDATE OF incident_id, position ON public.evidence_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (old.incident_id IS NOT NULL AND (new.incident_id, new.position) IS DISTINCT FROM (old.incident_id, old.position))
  EXECUTE FUNCTION gate.check_evidence_move();
ALTER TABLE public.evidence_item ENABLE ALWAYS TRIGGER evidence_move;

-- Only an incident that nobody touched may be merged away, and for good.
CREATE FUNCTION gate.check_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.merged_into_id IS NOT NULL OR new.status <> 'new' OR new.assignee_id IS NOT NULL OR new.verdict IS NOT NULL
    OR EXISTS (SELECT FROM public.decision WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.claim_review WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.note WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.incident WHERE id = new.merged_into_id AND merged_into_id IS NOT NULL)
  THEN
    RAISE EXCEPTION 'merge: only an untouched incident may be merged, once, into one that stands' USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_merge BEFORE UPDATE OF merged_into_id ON public.incident FOR EACH ROW
  WHEN (new.merged_into_id IS DISTINCT FROM old.merged_into_id) EXECUTE FUNCTION gate.check_merge();
ALTER TABLE public.incident ENABLE ALWAYS TRIGGER check_merge;

-- A new policy is a new version, and says so on the trail.
CREATE FUNCTION gate.publish_policy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v record;
BEGIN
  FOR v IN SELECT policy_version, jsonb_agg(to_jsonb(r) - 'policy_version' ORDER BY kind) AS rules FROM added r GROUP BY 1 ORDER BY 1 LOOP
    PERFORM trail.write('policy.published', 'system:owner', null,
      trail.canonical(jsonb_build_object('version', v.policy_version, 'rules', v.rules)));
  END LOOP;
  RETURN null;
END $$;
CREATE TRIGGER publish_policy AFTER INSERT ON public.policy_rule REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION gate.publish_policy();
ALTER TABLE public.policy_rule ENABLE ALWAYS TRIGGER publish_policy;

INSERT INTO public.policy_rule (policy_version, kind, sign_offs, min_role, distinct_from_proposer, assurance, proposal_minutes, sign_off_minutes) VALUES
  (1, 'escalation', 1, 'analyst', true, 'password', 480, 15),
  (1, 'containment', 1, 'lead', true, 'password', 60, 15),
  (1, 'closure', 1, 'analyst', true, 'password', 480, 15),
  (1, 'reopening', 1, 'analyst', true, 'password', 60, 15);
