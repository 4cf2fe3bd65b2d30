-- The policy as data: what a decision needs depends on its kind and on the situation: the incident's severity and types,
-- and the blast radius of what is proposed. Every rule that fits adds to what is asked, and the strictest of each wins:
-- a further rule can only ask for more, in whatever order they stand (docs/decisions/024). No rule that fits: refused.

CREATE FUNCTION gate.incident_type_names() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT '{reconnaissance,resource-development,initial-access,execution,persistence,privilege-escalation,defense-evasion,credential-access,discovery,lateral-movement,collection,command-and-control,exfiltration,impact}'::text[]
$$;

ALTER TABLE public.policy_rule
  DROP CONSTRAINT policy_rule_pkey,
  ADD COLUMN number int NOT NULL DEFAULT 1,
  ADD COLUMN severities text[],
  ADD COLUMN incident_types text[],
  ADD COLUMN blast_radii text[],
  ADD COLUMN min_proposer_role text NOT NULL DEFAULT 'analyst',
  ADD COLUMN lead_sign_offs int NOT NULL DEFAULT 0,
  ADD COLUMN distinct_from_assignee boolean NOT NULL DEFAULT false,
  ADD COLUMN claims_settled boolean NOT NULL DEFAULT true,
  ADD COLUMN summary_complete boolean NOT NULL DEFAULT false,
  ADD COLUMN evidence_opened boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT policy_rule_pkey PRIMARY KEY (policy_version, kind, number),
  -- null fits every situation; a list that is empty would fit none
  ADD CONSTRAINT policy_rule_situation CHECK (number BETWEEN 1 AND 100
    AND cardinality(severities) > 0 AND severities <@ '{informational,low,medium,high,critical}'
    AND cardinality(incident_types) > 0 AND incident_types <@ gate.incident_type_names()
    AND cardinality(blast_radii) > 0 AND blast_radii <@ '{none,collection,one_endpoint,one_account,several_systems,external_access}'),
  ADD CONSTRAINT policy_rule_people CHECK (min_proposer_role IN ('analyst', 'lead') AND lead_sign_offs BETWEEN 0 AND sign_offs);

-- An incident that is opened again rests on no summary.
ALTER TABLE public.policy_rule DISABLE TRIGGER append_only;
UPDATE public.policy_rule SET claims_settled = false WHERE kind = 'reopening';
ALTER TABLE public.policy_rule ENABLE ALWAYS TRIGGER append_only;

-- How far a decision reaches, as far as its words tell (docs/decisions/024).
CREATE FUNCTION gate.blast_radius(p_content jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN jsonb_typeof(p_content -> 'actions') IS DISTINCT FROM 'array' THEN 'none'
    WHEN bool_or(kind = 'block_indicator') THEN 'external_access'
    WHEN bool_and(kind = 'collect_artifacts') THEN 'collection'
    WHEN count(DISTINCT target) FILTER (WHERE kind <> 'collect_artifacts') > 1 THEN 'several_systems'
    WHEN bool_and(kind IN ('isolate_host', 'collect_artifacts')) THEN 'one_endpoint'
    WHEN bool_and(kind IN ('disable_account', 'revoke_sessions', 'collect_artifacts')) THEN 'one_account'
    ELSE 'several_systems' END
  FROM (SELECT a ->> 'action' AS kind, lower(btrim(a ->> 'target')) AS target
    FROM jsonb_array_elements(CASE jsonb_typeof(p_content -> 'actions') WHEN 'array' THEN p_content -> 'actions' ELSE '[]' END) AS a) AS actions
$$;

-- The ATT&CK tactics that the incident's alerts name, however their sources spell them.
CREATE FUNCTION gate.incident_types(p_incident uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(name ORDER BY name), '{}')
  FROM unnest(gate.incident_type_names()) AS name
  WHERE replace(name, '-', '') IN (
    SELECT regexp_replace(lower(tactic), '[^a-z]', '', 'g')
    FROM public.evidence_item e,
      jsonb_array_elements_text(CASE jsonb_typeof(e.fields -> 'tactic') WHEN 'array' THEN e.fields -> 'tactic' ELSE jsonb_build_array(e.fields -> 'tactic') END) AS tactic
    WHERE e.incident_id = p_incident AND e.kind = 'alert' AND e.fields ? 'tactic')
$$;

ALTER TABLE public.decision
  ADD COLUMN severity text,
  ADD COLUMN incident_types text[] NOT NULL DEFAULT '{}',
  ADD COLUMN blast_radius text,
  ADD COLUMN assignee_id uuid;
ALTER TABLE public.decision DISABLE TRIGGER check_decision_move;
UPDATE public.decision SET severity = statement::jsonb #>> '{incident,severity}', blast_radius = gate.blast_radius(content);
ALTER TABLE public.decision ENABLE ALWAYS TRIGGER check_decision_move;
ALTER TABLE public.decision ALTER COLUMN severity SET NOT NULL, ALTER COLUMN blast_radius SET NOT NULL;

-- What a policy asks in a situation, as one row: its rules that fit, the strictest of each. Its kind is null when none fits.
CREATE FUNCTION gate.requirement(p_version int, p_kind text, p_severity text, p_types text[], p_blast_radius text) RETURNS public.policy_rule
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT ROW(p_version, max(kind), max(sign_offs), CASE max(gate.rank(min_role)) WHEN 2 THEN 'lead' ELSE 'analyst' END,
    bool_or(distinct_from_proposer), CASE WHEN bool_or(assurance = 'passkey') THEN 'passkey' ELSE 'password' END,
    min(proposal_minutes), min(sign_off_minutes), 0, null, null, null,
    CASE max(gate.rank(min_proposer_role)) WHEN 2 THEN 'lead' ELSE 'analyst' END, max(lead_sign_offs),
    bool_or(distinct_from_assignee), bool_or(claims_settled), bool_or(summary_complete), bool_or(evidence_opened))::public.policy_rule
  FROM public.policy_rule
  WHERE policy_version = p_version AND kind = p_kind
    AND (severities IS NULL OR p_severity = ANY (severities))
    AND (incident_types IS NULL OR incident_types && p_types)
    AND (blast_radii IS NULL OR p_blast_radius = ANY (blast_radii))
$$;

-- What a decision needs: the requirement in the situation that was frozen when it was proposed.
CREATE FUNCTION gate.rule_of(d public.decision) RETURNS public.policy_rule
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT gate.requirement(d.policy_version, d.kind, d.severity, d.incident_types, d.blast_radius)
$$;

-- A requirement as the statement and the screen say it; null where nobody may.
CREATE FUNCTION gate.rule_words(p public.policy_rule) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p.kind IS NOT NULL THEN jsonb_build_object('version', p.policy_version, 'signOffs', p.sign_offs, 'leadSignOffs', p.lead_sign_offs,
    'minRole', p.min_role, 'minProposerRole', p.min_proposer_role, 'distinctFromProposer', p.distinct_from_proposer,
    'distinctFromAssignee', p.distinct_from_assignee, 'assurance', p.assurance, 'proposalMinutes', p.proposal_minutes,
    'signOffMinutes', p.sign_off_minutes, 'claimsSettled', p.claims_settled, 'summaryComplete', p.summary_complete,
    'evidenceOpened', p.evidence_opened) END
$$;

-- What the summary must be for this decision. `claims_settled`: each claim of the model's summary that does not hold is
-- disputed, corrected, or waived by name in the statement. `summary_complete`: there is a summary, and it is whole.
CREATE FUNCTION gate.check_summary(d public.decision, p public.policy_rule) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p.claims_settled AND EXISTS (
    SELECT FROM public.claim_in_force c
    WHERE c.summary_id = (SELECT s.id FROM public.summary s WHERE s.incident_id = d.incident_id AND s.origin = 'model' ORDER BY s.version DESC LIMIT 1)
      AND c.standing IN ('unsupported', 'contradicted')
      AND coalesce((SELECT v.outcome FROM public.claim_review v WHERE v.claim_id = c.id ORDER BY v.at DESC, v.id DESC LIMIT 1), '') NOT IN ('disputed', 'corrected')
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(d.statement::jsonb #> '{claims,waived}') AS w WHERE w ->> 'id' = c.id::text))
  THEN
    PERFORM gate.refuse('G22', 'a claim that does not hold is neither settled nor waived by name');
  END IF;
  IF p.summary_complete AND NOT coalesce((SELECT s.state = 'complete' FROM public.summary s WHERE s.incident_id = d.incident_id
    ORDER BY s.version DESC LIMIT 1), false)
  THEN
    PERFORM gate.refuse('G22', 'the policy asks for a whole summary');
  END IF;
END $$;

-- How many of the signatures asked for are given now: approved, over this statement, young enough, by people who still
-- may; places that are kept for leads are filled by leads alone.
CREATE OR REPLACE FUNCTION gate.count_sign_offs(d public.decision, p public.policy_rule) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (count(*) FILTER (WHERE role = 'lead') + least(count(*) FILTER (WHERE role <> 'lead'), p.sign_offs - p.lead_sign_offs))::int
  FROM (
    SELECT DISTINCT s.person_id, m.role
    FROM public.sign_off s JOIN public.person m ON m.id = s.person_id LEFT JOIN public.passkey k ON k.id = s.passkey_id
    WHERE s.decision_id = d.id AND s.outcome = 'approved' AND s.statement_sha256 = d.statement_sha256
      AND m.active AND m.human AND gate.rank(m.role) >= gate.rank(p.min_role)
      AND (NOT p.distinct_from_proposer OR s.person_id <> d.proposer_id)
      AND (NOT p.distinct_from_assignee OR s.person_id IS DISTINCT FROM d.assignee_id)
      AND (p.assurance = 'password' OR s.assurance = 'passkey')
      AND k.revoked_at IS NULL
      AND s.at > clock_timestamp() - make_interval(mins => p.sign_off_minutes)) AS given
$$;

CREATE OR REPLACE FUNCTION gate.sign_decision(p_decision uuid, p_person uuid, p_outcome text, p_statement_sha256 bytea, p_proof bytea, p_reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  p public.policy_rule;
  v_state text := gate.settle_if_void(p_decision);
  v_id uuid := gate.uuid_v7();
  v_count int;
BEGIN
  IF v_state IS NULL THEN PERFORM gate.refuse('G1', 'there is no such decision'); END IF;
  IF EXISTS (SELECT FROM public.sign_off WHERE decision_id = p_decision AND person_id = p_person) THEN
    RETURN jsonb_build_object('state', v_state, 'code', 'already_signed');
  END IF;
  SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_build_object('state', v_state); END IF;
  INSERT INTO public.sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, proof, reason, at)
    VALUES (v_id, p_decision, p_person, '', p_outcome, p_statement_sha256, 'password', p_proof, p_reason, clock_timestamp());
  PERFORM gate.record_sign_off(d, v_id);
  IF p_outcome = 'rejected' THEN
    UPDATE public.decision SET state = 'rejected' WHERE id = d.id;
    INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
    RETURN jsonb_build_object('state', 'rejected');
  END IF;
  p := gate.rule_of(d);
  v_count := gate.count_sign_offs(d, p);
  IF v_count >= p.sign_offs THEN PERFORM gate.take_effect(d.id); END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  RETURN jsonb_build_object('state', CASE WHEN v_count >= p.sign_offs THEN 'in_effect' ELSE 'proposed' END,
    'signOffs', v_count, 'needed', p.sign_offs);
END $$;

-- What a proposal of this kind and content would need now: the words of the requirement (null: nobody may), and the
-- situation they come from.
CREATE FUNCTION gate.requirement_now(p_incident uuid, p_kind text, p_content jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('blastRadius', radius, 'types', types,
    'rule', gate.rule_words(gate.requirement(gate.policy_version(), p_kind, i.severity, types, radius)))
  FROM public.incident i, gate.incident_types(i.id) AS types, gate.blast_radius(p_content) AS radius
  WHERE i.id = p_incident
$$;

-- A response belongs to the incident of its decision.
ALTER TABLE public.response_run ADD COLUMN incident_id uuid REFERENCES public.incident (id);
UPDATE public.response_run r SET incident_id = d.incident_id FROM public.decision d WHERE d.id = r.decision_id;
ALTER TABLE public.response_run ALTER COLUMN incident_id SET NOT NULL;
CREATE INDEX response_run_incident_id_idx ON public.response_run (incident_id, at);

CREATE FUNCTION gate.place_response() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.incident_id := (SELECT incident_id FROM public.decision WHERE id = new.decision_id);
  RETURN new;
END $$;
CREATE TRIGGER place_response BEFORE INSERT ON public.response_run FOR EACH ROW EXECUTE FUNCTION gate.place_response();
ALTER TABLE public.response_run ENABLE ALWAYS TRIGGER place_response;

GRANT EXECUTE ON FUNCTION gate.requirement_now(uuid, text, jsonb), gate.incident_types(uuid), gate.blast_radius(jsonb),
  gate.rule_words(public.policy_rule), gate.rule_of(public.decision), gate.incident_type_names()
  TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
