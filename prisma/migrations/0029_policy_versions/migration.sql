-- How the policy changes: a version is proposed and signed by admins over one statement. What weakens it in any situation
-- needs two of them and waits; what only asks for more is in force with one signature (docs/decisions/026).

CREATE TABLE public.policy_version (
  version integer NOT NULL,
  base_version integer,
  -- null: installed with the product, by whoever migrates it
  statement text,
  statement_sha256 bytea,
  reason text NOT NULL CONSTRAINT policy_version_reason CHECK (length(reason) BETWEEN 1 AND 1000),
  weakens boolean NOT NULL,
  delay_minutes integer NOT NULL CONSTRAINT policy_version_delay CHECK (delay_minutes BETWEEN 0 AND 43200),
  proposed_by uuid,
  proposed_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  -- set once, when the last signature it needs is given
  effective_at timestamptz(6),
  ended_at timestamptz(6),
  end_kind text CONSTRAINT policy_version_end_kind CHECK (end_kind IN ('withdrawn', 'refused', 'overtaken')),
  ended_by uuid,
  end_reason text CONSTRAINT policy_version_end_reason CHECK (length(end_reason) BETWEEN 1 AND 1000),
  CONSTRAINT policy_version_pkey PRIMARY KEY (version),
  CONSTRAINT policy_version_base_version_fkey FOREIGN KEY (base_version) REFERENCES public.policy_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT policy_version_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT policy_version_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT policy_version_signed CHECK (num_nonnulls(statement, statement_sha256, proposed_by) IN (0, 3)
    AND (statement IS NULL) <= (effective_at IS NOT NULL AND NOT weakens)),
  CONSTRAINT policy_version_digest CHECK (statement_sha256 = sha256(convert_to(statement, 'UTF8'))),
  CONSTRAINT policy_version_ended CHECK ((ended_at IS NULL) = (end_kind IS NULL) AND (end_kind IN ('withdrawn', 'refused')) IS NOT DISTINCT FROM
    (CASE WHEN end_kind IS NOT NULL THEN ended_by IS NOT NULL AND end_reason IS NOT NULL END))
);
CREATE UNIQUE INDEX policy_version_statement_once ON public.policy_version (statement_sha256);

CREATE TABLE public.policy_signature (
  version integer NOT NULL,
  person_id uuid NOT NULL,
  statement_sha256 bytea NOT NULL,
  proof bytea NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT policy_signature_pkey PRIMARY KEY (version, person_id),
  CONSTRAINT policy_signature_version_fkey FOREIGN KEY (version) REFERENCES public.policy_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT policy_signature_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX policy_signature_proof_once ON public.policy_signature (proof);

-- What was published before there was a table of it.
INSERT INTO public.policy_version (version, reason, weakens, delay_minutes, proposed_at, effective_at)
  SELECT r.policy_version, 'Installed with the product.', false, 0, p.at, p.at
  FROM (SELECT DISTINCT policy_version FROM public.policy_rule) AS r,
    (SELECT coalesce(min(at), now()) AS at FROM trail.entry WHERE kind = 'policy.published') AS p;

-- The newest version whose time has come. One that is ended was ended before its time.
CREATE OR REPLACE FUNCTION gate.policy_version() RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(version) FROM public.policy_version WHERE effective_at <= statement_timestamp() AND ended_at IS NULL
$$;

-- The least time between the last signature under a weaker policy and its taking effect: long enough to be seen by
-- whoever was not asked, on any working day.
CREATE FUNCTION gate.policy_delay_floor() RETURNS int
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT 1440 $$;

CREATE FUNCTION gate.policy_state(p public.policy_version) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p.ended_at IS NOT NULL THEN p.end_kind
    WHEN p.effective_at IS NULL THEN 'waiting'
    WHEN p.effective_at > statement_timestamp() THEN 'scheduled'
    WHEN p.version = gate.policy_version() THEN 'in_force'
    ELSE 'past' END
$$;

-- Rules as a statement says them, to rows: numbered within their kind in the order in which they stand.
CREATE FUNCTION gate.rules_given(p_rules jsonb) RETURNS TABLE (kind text, number int, severities text[], incident_types text[], blast_radii text[],
  min_proposer_role text, sign_offs int, lead_sign_offs int, min_role text, distinct_from_proposer boolean, distinct_from_assignee boolean,
  assurance text, proposal_minutes int, sign_off_minutes int, claims_settled boolean, summary_complete boolean, evidence_opened boolean)
LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.kind, (row_number() OVER (PARTITION BY r.kind ORDER BY place))::int, r.severities, r."incidentTypes", r."blastRadii",
    r."minProposerRole", r."signOffs", r."leadSignOffs", r."minRole", r."distinctFromProposer", r."distinctFromAssignee", r.assurance,
    r."proposalMinutes", r."signOffMinutes", r."claimsSettled", r."summaryComplete", r."evidenceOpened"
  FROM jsonb_array_elements(p_rules) WITH ORDINALITY AS given (rule, place),
    jsonb_to_record(rule) AS r (kind text, severities text[], "incidentTypes" text[], "blastRadii" text[], "minProposerRole" text,
      "signOffs" int, "leadSignOffs" int, "minRole" text, "distinctFromProposer" boolean, "distinctFromAssignee" boolean, assurance text,
      "proposalMinutes" int, "signOffMinutes" int, "claimsSettled" boolean, "summaryComplete" boolean, "evidenceOpened" boolean)
$$;

-- The rules of a version as a statement says them.
CREATE FUNCTION gate.policy_rules(p_version int) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'number', number, 'severities', severities, 'incidentTypes', incident_types,
    'blastRadii', blast_radii, 'minProposerRole', min_proposer_role, 'signOffs', sign_offs, 'leadSignOffs', lead_sign_offs,
    'minRole', min_role, 'distinctFromProposer', distinct_from_proposer, 'distinctFromAssignee', distinct_from_assignee,
    'assurance', assurance, 'proposalMinutes', proposal_minutes, 'signOffMinutes', sign_off_minutes, 'claimsSettled', claims_settled,
    'summaryComplete', summary_complete, 'evidenceOpened', evidence_opened) ORDER BY kind COLLATE "C", number), '[]')
  FROM public.policy_rule WHERE policy_version = p_version
$$;

-- What rules ask in each situation with at most one type ('' is none), as numbers of which more is stricter. No row
-- where nobody may.
CREATE FUNCTION gate.policy_cells(p_rules jsonb, p_types text[]) RETURNS TABLE (kind text, severity text, blast_radius text, type text, asks int[])
LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.kind, s.severity, b.radius, t.type, ARRAY[max(sign_offs), max(lead_sign_offs), max(gate.rank(min_role)), max(gate.rank(min_proposer_role)),
    max(distinct_from_proposer::int), max(distinct_from_assignee::int), max((assurance = 'passkey')::int), -min(proposal_minutes), -min(sign_off_minutes),
    max(claims_settled::int), max(summary_complete::int), max(evidence_opened::int)]
  FROM gate.rules_given(p_rules) AS r
    JOIN unnest('{informational,low,medium,high,critical}'::text[]) AS s (severity) ON r.severities IS NULL OR s.severity = ANY (r.severities)
    JOIN unnest('{none,collection,one_endpoint,one_account,several_systems,external_access}'::text[]) AS b (radius) ON r.blast_radii IS NULL OR b.radius = ANY (r.blast_radii)
    JOIN unnest('{""}'::text[] || p_types) AS t (type) ON r.incident_types IS NULL OR t.type = ANY (r.incident_types)
  GROUP BY 1, 2, 3, 4
$$;

-- Whether the new rules ask for less than the old ones in any situation whatever. What an incident of several types needs
-- is the strictest of what its types need one by one, so it is enough to look at no type, each type, and each pair: one
-- for which the old rules asked the most, and one for which the new ones let somebody at all (docs/decisions/026).
CREATE FUNCTION gate.policy_weakens(p_old jsonb, p_new jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH types AS (
    SELECT coalesce(array_agg(DISTINCT t), '{}') AS all_types
    FROM (SELECT incident_types FROM gate.rules_given(p_old) UNION ALL SELECT incident_types FROM gate.rules_given(p_new)) AS r, unnest(r.incident_types) AS t),
  old AS MATERIALIZED (SELECT c.* FROM types, gate.policy_cells(p_old, all_types) AS c),
  new AS MATERIALIZED (SELECT c.* FROM types, gate.policy_cells(p_new, all_types) AS c)
  SELECT EXISTS (SELECT FROM new LEFT JOIN old USING (kind, severity, blast_radius, type) WHERE old.asks IS NULL)
    OR EXISTS (SELECT FROM old LEFT JOIN new AS same USING (kind, severity, blast_radius, type) JOIN new AS other USING (kind, severity, blast_radius)
      WHERE EXISTS (SELECT FROM unnest(old.asks, other.asks, coalesce(same.asks, other.asks)) AS v (was, a, b) WHERE greatest(a, b) < was))
$$;

-- What is signed: canonical JSON (RFC 8785). The version is the next one, so no signature counts a second time.
CREATE FUNCTION gate.policy_statement(p_base int, p_rules jsonb, p_reason text, p_delay_minutes int) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'publish_policy', 'base', p_base, 'delayMinutes', CASE WHEN weakens THEN p_delay_minutes ELSE 0 END,
    'reason', p_reason, 'rules', rules, 'v', 1, 'version', (SELECT coalesce(max(version), 0) + 1 FROM public.policy_version), 'weakens', weakens))
  FROM (SELECT coalesce(jsonb_agg(rule || jsonb_build_object('number', number) ORDER BY kind COLLATE "C", number), '[]') AS rules
    FROM (SELECT rule, rule ->> 'kind' AS kind, row_number() OVER (PARTITION BY rule ->> 'kind' ORDER BY place) AS number
      FROM jsonb_array_elements(p_rules) WITH ORDINALITY AS given (rule, place)) AS numbered) AS given,
    gate.policy_weakens(gate.policy_rules(p_base), rules) AS weakens
$$;

-- The row itself is checked, whoever writes it: what a version says is fixed when it is proposed, its time is the database's.
CREATE FUNCTION gate.check_policy_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s jsonb := new.statement::jsonb;
  v_signatures int;
BEGIN
  IF tg_op = 'INSERT' THEN
    new.proposed_at := clock_timestamp();
    IF num_nonnulls(new.ended_at, new.end_kind, new.ended_by, new.end_reason) > 0 THEN PERFORM gate.refuse('G1', 'a change of the policy begins open'); END IF;
    IF new.statement IS NULL THEN
      new.effective_at := new.proposed_at;
      RETURN new;
    END IF;
    new.effective_at := null;
    PERFORM gate.require_admin(new.proposed_by);
    IF new.base_version IS DISTINCT FROM gate.policy_version() THEN PERFORM gate.refuse('G11', 'stale: another policy is in force than the one this changes'); END IF;
    IF new.statement IS DISTINCT FROM gate.policy_statement(new.base_version, s -> 'rules', new.reason, new.delay_minutes)
      OR (s ->> 'version', s ->> 'weakens', s ->> 'delayMinutes') IS DISTINCT FROM (new.version::text, new.weakens::text, new.delay_minutes::text)
    THEN
      PERFORM gate.refuse('G5', 'the statement does not say what the change of the policy holds');
    END IF;
    IF new.weakens AND new.delay_minutes < gate.policy_delay_floor() THEN
      PERFORM gate.refuse('G14', format('a weaker policy waits at least %s minutes', gate.policy_delay_floor()));
    END IF;
    IF new.weakens AND EXISTS (SELECT FROM public.policy_version p WHERE gate.policy_state(p) IN ('waiting', 'scheduled')) THEN
      PERFORM gate.refuse('G14', 'another change of the policy waits; it is withdrawn first');
    END IF;
    RETURN new;
  END IF;
  IF (new.version, new.base_version, new.statement, new.statement_sha256, new.reason, new.weakens, new.delay_minutes, new.proposed_by, new.proposed_at)
    IS DISTINCT FROM (old.version, old.base_version, old.statement, old.statement_sha256, old.reason, old.weakens, old.delay_minutes, old.proposed_by, old.proposed_at)
  THEN
    RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
  END IF;
  IF old.ended_at IS NOT NULL THEN PERFORM gate.refuse('G1', 'the change of the policy is not open: ' || old.end_kind); END IF;
  IF old.effective_at <= clock_timestamp() THEN PERFORM gate.refuse('G1', 'the change of the policy is in force already'); END IF;
  IF new.ended_at IS NOT NULL THEN
    IF new.ended_by IS NOT NULL THEN PERFORM gate.require_admin(new.ended_by); END IF;
    new.ended_at := clock_timestamp();
    new.effective_at := old.effective_at;
    RETURN new;
  END IF;
  IF old.effective_at IS NOT NULL THEN PERFORM gate.refuse('G1', 'the change of the policy has its signatures'); END IF;
  IF new.base_version IS DISTINCT FROM gate.policy_version() THEN PERFORM gate.refuse('G11', 'stale: another policy is in force than the one this changes'); END IF;
  v_signatures := gate.count_policy_signatures(new.version);
  IF v_signatures < gate.policy_signatures_needed(new.weakens) THEN
    PERFORM gate.refuse('G13', format('%s of %s signatures under the policy', v_signatures, gate.policy_signatures_needed(new.weakens)));
  END IF;
  IF gate.policy_rules(new.version) IS DISTINCT FROM s -> 'rules' THEN PERFORM gate.refuse('G5', 'the rules are not those of the statement'); END IF;
  new.effective_at := clock_timestamp() + make_interval(mins => new.delay_minutes);
  RETURN new;
END $$;

CREATE FUNCTION gate.policy_signatures_needed(p_weakens boolean) RETURNS int
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT CASE WHEN p_weakens THEN 2 ELSE 1 END $$;

-- By people who still may.
CREATE FUNCTION gate.count_policy_signatures(p_version int) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(DISTINCT s.person_id)::int FROM public.policy_signature s JOIN public.person m ON m.id = s.person_id
  WHERE s.version = p_version AND m.active AND m.human AND m.role = 'admin'
$$;

CREATE FUNCTION gate.check_policy_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p public.policy_version;
  v_state text;
  v_key bytea;
BEGIN
  SELECT * INTO p FROM public.policy_version WHERE version = new.version FOR UPDATE;
  v_state := CASE WHEN p.version IS NOT NULL THEN gate.policy_state(p) ELSE 'there is none' END;
  new.at := clock_timestamp();
  IF v_state <> 'waiting' THEN PERFORM gate.refuse('G1', 'the change of the policy is not open: ' || v_state); END IF;
  PERFORM gate.require_admin(new.person_id);
  IF EXISTS (SELECT FROM public.policy_signature s WHERE s.version = new.version AND s.person_id = new.person_id) THEN
    PERFORM gate.refuse('G4', 'a second signature is another admin''s');
  END IF;
  IF p.base_version IS DISTINCT FROM gate.policy_version() THEN PERFORM gate.refuse('G11', 'stale: another policy is in force than the one this changes'); END IF;
  IF new.statement_sha256 IS DISTINCT FROM p.statement_sha256 THEN PERFORM gate.refuse('G5', 'another statement was signed'); END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = new.person_id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || p.statement_sha256) THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
  RETURN new;
END $$;

CREATE TRIGGER check_policy_version BEFORE INSERT OR UPDATE ON public.policy_version FOR EACH ROW EXECUTE FUNCTION gate.check_policy_version();
CREATE TRIGGER check_policy_signature BEFORE INSERT ON public.policy_signature FOR EACH ROW EXECUTE FUNCTION gate.check_policy_signature();
CREATE TRIGGER no_deletion BEFORE DELETE ON public.policy_version FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.policy_version FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.policy_signature FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.policy_signature FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.policy_version ENABLE ALWAYS TRIGGER check_policy_version;
ALTER TABLE public.policy_version ENABLE ALWAYS TRIGGER no_deletion;
ALTER TABLE public.policy_version ENABLE ALWAYS TRIGGER no_truncate;
ALTER TABLE public.policy_signature ENABLE ALWAYS TRIGGER check_policy_signature;
ALTER TABLE public.policy_signature ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE public.policy_signature ENABLE ALWAYS TRIGGER no_truncate;

SELECT gate.record_guards();
