-- The rules of a version that was signed are those of its statement, however they came. Rules without a signed version
-- are the owner's: a migration's, in force at once and said so on the trail.
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
    IF p.version IS NULL THEN
      INSERT INTO public.policy_version (version, reason, weakens, delay_minutes) VALUES (v.policy_version, 'Installed with the product.', false, 0);
      PERFORM gate.overtake_policies(v.policy_version);
    END IF;
    PERFORM trail.write('policy.published', 'system:owner', null,
      trail.canonical(jsonb_build_object('version', v.policy_version, 'rules', v.rules)));
  END LOOP;
  RETURN null;
END $$;

-- What waits was compared with a policy that is in force no longer: it can never take effect. Names what it ended.
CREATE FUNCTION gate.overtake_policies(p_by int) RETURNS jsonb
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH ended AS (
    UPDATE public.policy_version p SET ended_at = clock_timestamp(), end_kind = 'overtaken'
    WHERE p.version <> p_by AND gate.policy_state(p) IN ('waiting', 'scheduled') RETURNING p.version)
  SELECT coalesce(jsonb_agg(version ORDER BY version), '[]') FROM ended
$$;

CREATE FUNCTION gate.policy_answer(p_version int) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('version', p.version, 'state', CASE WHEN p.effective_at IS NULL THEN 'waiting' WHEN p.weakens THEN 'scheduled' ELSE 'in_force' END,
    'signatures', gate.count_policy_signatures(p.version), 'needed', gate.policy_signatures_needed(p.weakens),
    'effectiveAt', to_char(p.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
  FROM public.policy_version p WHERE p.version = p_version
$$;

-- Signs, and with the last signature it needs sets the time at which the version takes effect.
CREATE FUNCTION gate.sign_policy_version(p_version int, p_person uuid, p_statement_sha256 bytea, p_proof bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p public.policy_version;
  v_overtaken jsonb;
BEGIN
  INSERT INTO public.policy_signature (version, person_id, statement_sha256, proof) VALUES (p_version, p_person, p_statement_sha256, p_proof);
  SELECT * INTO STRICT p FROM public.policy_version WHERE version = p_version;
  IF gate.count_policy_signatures(p_version) >= gate.policy_signatures_needed(p.weakens) THEN
    UPDATE public.policy_version SET effective_at = clock_timestamp() WHERE version = p_version RETURNING * INTO p;
    v_overtaken := gate.overtake_policies(p_version);
    PERFORM trail.write('policy.published', 'person:' || p_person, null, trail.canonical(jsonb_build_object('version', p.version, 'base', p.base_version,
      'rules', p.statement::jsonb -> 'rules', 'reason', p.reason, 'weakens', p.weakens, 'statementSha256', encode(p.statement_sha256, 'hex'),
      'effectiveAt', gate.policy_answer(p_version) ->> 'effectiveAt', 'overtook', v_overtaken,
      'signedBy', (SELECT jsonb_agg(s.person_id ORDER BY s.at, s.person_id) FROM public.policy_signature s WHERE s.version = p.version))));
  END IF;
  RETURN gate.policy_answer(p_version);
END $$;

-- Proposes a version and signs it as its proposer, in one act. Returns {"version", "state": "waiting" | "in_force",
-- "signatures", "needed", "effectiveAt"}; refusals are raised with their guard.
CREATE FUNCTION gate.propose_policy(p_person uuid, p_base int, p_rules jsonb, p_reason text, p_delay_minutes int, p_statement_sha256 bytea, p_proof bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_statement text;
  s jsonb;
  v_version int;
BEGIN
  PERFORM pg_advisory_xact_lock(x'63676e33'::bigint);
  IF p_base IS DISTINCT FROM gate.policy_version() THEN PERFORM gate.refuse('G11', 'stale: another policy is in force than the one this changes'); END IF;
  v_statement := gate.policy_statement(p_base, p_rules, p_reason, p_delay_minutes);
  IF p_statement_sha256 IS DISTINCT FROM sha256(convert_to(v_statement, 'UTF8')) THEN PERFORM gate.refuse('G5', 'another statement was signed'); END IF;
  s := v_statement::jsonb;
  v_version := (s ->> 'version')::int;
  INSERT INTO public.policy_version (version, base_version, statement, statement_sha256, reason, weakens, delay_minutes, proposed_by)
    VALUES (v_version, p_base, v_statement, p_statement_sha256, p_reason, (s ->> 'weakens')::boolean, (s ->> 'delayMinutes')::int, p_person);
  INSERT INTO public.policy_rule (policy_version, kind, number, severities, incident_types, blast_radii, min_proposer_role, sign_offs, lead_sign_offs, min_role,
      distinct_from_proposer, distinct_from_assignee, assurance, proposal_minutes, sign_off_minutes, claims_settled, summary_complete, evidence_opened)
    SELECT v_version, kind, number, severities, incident_types, blast_radii, min_proposer_role, sign_offs, lead_sign_offs, min_role, distinct_from_proposer,
      distinct_from_assignee, assurance, proposal_minutes, sign_off_minutes, claims_settled, summary_complete, evidence_opened
    FROM gate.rules_given(s -> 'rules');
  PERFORM trail.write('policy.proposed', 'person:' || p_person, null, trail.canonical(jsonb_build_object('version', v_version, 'base', p_base,
    'weakens', s -> 'weakens', 'delayMinutes', s -> 'delayMinutes', 'reason', p_reason, 'statement', v_statement,
    'statementSha256', encode(p_statement_sha256, 'hex'))));
  RETURN gate.sign_policy_version(v_version, p_person, p_statement_sha256, p_proof);
END $$;

-- The second admin's signature. Returns as gate.propose_policy does, "state" then "scheduled".
CREATE FUNCTION gate.sign_policy(p_person uuid, p_version int, p_statement_sha256 bytea, p_proof bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(x'63676e33'::bigint);
  RETURN gate.sign_policy_version(p_version, p_person, p_statement_sha256, p_proof);
END $$;

-- Ends a change before its time, by any admin: the safe way out, so it asks for a reason and nothing else. Returns its
-- state: "refused" when another admin's signature was still missing, else "withdrawn".
CREATE FUNCTION gate.end_policy(p_person uuid, p_version int, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p public.policy_version;
  v_kind text;
BEGIN
  PERFORM pg_advisory_xact_lock(x'63676e33'::bigint);
  SELECT * INTO p FROM public.policy_version WHERE version = p_version FOR UPDATE;
  IF p.version IS NULL THEN PERFORM gate.refuse('G10', 'there is no such version of the policy'); END IF;
  v_kind := CASE WHEN p.effective_at IS NULL AND p.proposed_by <> p_person THEN 'refused' ELSE 'withdrawn' END;
  UPDATE public.policy_version SET ended_at = clock_timestamp(), end_kind = v_kind, ended_by = p_person, end_reason = p_reason WHERE version = p_version;
  PERFORM trail.write('policy.' || v_kind, 'person:' || p_person, null,
    trail.canonical(jsonb_build_object('version', p_version, 'was', gate.policy_state(p), 'reason', p_reason)));
  RETURN v_kind;
END $$;

GRANT SELECT ON public.policy_version, public.policy_signature TO countersign_web, countersign_worker, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.policy_rules(int), gate.policy_state(public.policy_version), gate.policy_weakens(jsonb, jsonb), gate.policy_delay_floor(),
  gate.policy_signatures_needed(boolean) TO countersign_web, countersign_worker, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.policy_statement(int, jsonb, text, int), gate.propose_policy(uuid, int, jsonb, text, int, bytea, bytea),
  gate.sign_policy(uuid, int, bytea, bytea), gate.end_policy(uuid, int, text) TO countersign_web;

SELECT gate.record_guards();
