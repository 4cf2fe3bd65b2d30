-- Rules of automation that let more run by themselves than those in force take two admins and a day, as a weaker policy
-- does; what lets less run is in force with its signatures (docs/decisions/051).

CREATE TABLE public.automation_end (
  version integer NOT NULL,
  kind text NOT NULL CONSTRAINT automation_end_kind CHECK (kind IN ('withdrawn', 'overtaken')),
  person_id uuid,
  reason text CONSTRAINT automation_end_reason CHECK (length(reason) BETWEEN 1 AND 1000),
  by_version integer,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT automation_end_pkey PRIMARY KEY (version),
  CONSTRAINT automation_end_version_fkey FOREIGN KEY (version) REFERENCES public.automation_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_end_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_end_by_version_fkey FOREIGN KEY (by_version) REFERENCES public.automation_version (version) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT automation_end_says CHECK (CASE kind WHEN 'withdrawn' THEN num_nonnulls(person_id, reason) = 2 AND by_version IS NULL
    ELSE num_nonnulls(person_id, reason) = 0 AND by_version IS NOT NULL END)
);

-- Whether new rules let anything run that the old ones would not: in a situation the first rule that fits decides, so its
-- limits are compared. Between two thresholds nothing changes. What an incident of several types meets is the first of
-- what its types meet one by one, so pairs of types are enough: one that the new rule fits by, and one the old rule.
CREATE FUNCTION gate.automation_weakens(p_old jsonb, p_new jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH rules AS MATERIALIZED (
    SELECT given.era, r.number, r.action, r.severities, r."incidentTypes" AS types, r."minConfidence" AS confidence, r."minSources" AS sources,
      r."maxPerHour" AS hour, r."maxPerIncident" AS incident
    FROM (VALUES ('old', p_old -> 'rules'), ('new', p_new -> 'rules')) AS given (era, list), jsonb_to_recordset(list) AS r (number int, action text,
      severities text[], "incidentTypes" text[], "minConfidence" int, "minSources" int, "maxPerHour" int, "maxPerIncident" int)),
  situations AS (
    SELECT c.action, c.confidence, s.sources, severity, type
    FROM (SELECT DISTINCT action, confidence FROM rules) AS c JOIN (SELECT DISTINCT action, sources FROM rules) AS s USING (action),
      unnest('{informational,low,medium,high,critical}'::text[]) AS severity,
      (SELECT '' AS type UNION SELECT unnest(types) FROM rules) AS t),
  first AS MATERIALIZED (
    SELECT DISTINCT s.action, s.confidence, s.sources, s.severity, f.old, f.new
    FROM situations s, LATERAL (SELECT min(r.number) FILTER (WHERE r.era = 'old') AS old, min(r.number) FILTER (WHERE r.era = 'new') AS new
      FROM rules r WHERE r.action = s.action AND r.confidence <= s.confidence AND r.sources <= s.sources
        AND (r.severities IS NULL OR s.severity = ANY (r.severities)) AND (r.types IS NULL OR s.type = ANY (r.types))) AS f),
  pairs AS (
    SELECT DISTINCT least(a.old, b.old) AS old, least(a.new, b.new) AS new FROM first a JOIN first b USING (action, confidence, sources, severity))
  SELECT (p_new ->> 'doubtPercent')::int > (p_old ->> 'doubtPercent')::int OR EXISTS (
    SELECT FROM pairs p JOIN rules n ON n.era = 'new' AND n.number = p.new LEFT JOIN rules o ON o.era = 'old' AND o.number = p.old
    WHERE o.number IS NULL OR n.hour > o.hour OR n.incident > o.incident)
$$;

-- What is signed. Statements from before there was a delay say neither whether they weaken nor how long they wait.
CREATE FUNCTION gate.automation_statement(p_version int, p_previous int, p_doubt int, p_reason text, p_weakens boolean, p_delay int) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'publish_automation', 'version', p_version, 'previous', p_previous, 'doubtPercent', p_doubt,
    'reason', p_reason, 'rules', (SELECT coalesce(jsonb_agg(gate.automation_rule_words(r) ORDER BY r.number), '[]')
      FROM public.automation_rule r WHERE r.version = p_version))
    || CASE WHEN p_weakens IS NULL THEN '{"v": 1}' ELSE jsonb_build_object('v', 2, 'weakens', p_weakens, 'delayMinutes', p_delay) END)
$$;

-- The statement of a version as its rows make it against the signed words of the one before.
CREATE FUNCTION gate.automation_statement_due(p_version int, p_previous int, p_doubt int, p_reason text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT gate.automation_statement(p_version, p_previous, p_doubt, p_reason, weakens, CASE WHEN weakens THEN gate.policy_delay_floor() ELSE 0 END)
  FROM gate.automation_weakens((SELECT statement::jsonb FROM public.automation_version WHERE version = p_previous),
    gate.automation_statement(p_version, p_previous, p_doubt, p_reason, null, null)::jsonb) AS weakens
$$;

CREATE OR REPLACE FUNCTION gate.automation_as_signed(p_version int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.statement = gate.automation_statement(v.version, v.previous, v.doubt_percent, v.reason,
    (v.statement::jsonb ->> 'weakens')::boolean, (v.statement::jsonb ->> 'delayMinutes')::int)
  FROM public.automation_version v WHERE v.version = p_version
$$;

CREATE OR REPLACE FUNCTION gate.automation_signatures_needed(p_statement text) RETURNS int
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_statement::jsonb @> '{"weakens": true}'
    OR EXISTS (SELECT FROM jsonb_array_elements(p_statement::jsonb -> 'rules') AS r WHERE r ->> 'blastRadius' <> 'collection') THEN 2 ELSE 1 END
$$;

-- When a version takes effect: with the last signature it needs, after the delay of its statement. Null: that is missing.
CREATE FUNCTION gate.automation_effective_at(p_version int) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN v.person_id IS NULL THEN v.at ELSE (
    SELECT s.at + make_interval(mins => coalesce((v.statement::jsonb ->> 'delayMinutes')::int, 0)) FROM public.automation_signature s
    WHERE s.version = v.version ORDER BY s.at, s.person_id OFFSET gate.automation_signatures_needed(v.statement) - 1 LIMIT 1) END
  FROM public.automation_version v WHERE v.version = p_version
$$;

-- The newest version whose time has come. One that is ended was ended before its time.
CREATE OR REPLACE VIEW public.automation_in_force AS
  SELECT v.version, v.doubt_percent, v.statement, v.statement_sha256, v.reason, v.person_id, v.at
  FROM public.automation_version v
  WHERE gate.automation_effective_at(v.version) <= clock_timestamp() AND NOT EXISTS (SELECT FROM public.automation_end e WHERE e.version = v.version)
  ORDER BY v.version DESC LIMIT 1;

CREATE FUNCTION gate.automation_state(p_version int) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN e.kind IS NOT NULL THEN e.kind WHEN due IS NULL THEN 'proposed' WHEN due > clock_timestamp() THEN 'scheduled'
    WHEN v.version = (SELECT f.version FROM public.automation_in_force f) THEN 'in_force' ELSE 'past' END
  FROM public.automation_version v LEFT JOIN public.automation_end e USING (version), gate.automation_effective_at(v.version) AS due
  WHERE v.version = p_version
$$;

-- The row itself is checked, whoever writes it: whether it weakens, and how long it waits, is the database's to say.
CREATE FUNCTION gate.check_automation_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.at := clock_timestamp();
  PERFORM gate.lock_automation();
  PERFORM gate.require_admin(new.person_id);
  IF new.previous IS DISTINCT FROM (SELECT version FROM public.automation_in_force) THEN
    PERFORM gate.refuse('G11', 'stale: rules follow those in force');
  END IF;
  IF new.statement IS DISTINCT FROM gate.automation_statement_due(new.version, new.previous, new.doubt_percent, new.reason) THEN
    PERFORM gate.refuse('G5', 'the statement does not say what these rules let run');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_automation_version BEFORE INSERT ON public.automation_version FOR EACH ROW EXECUTE FUNCTION gate.check_automation_version();
ALTER TABLE public.automation_version ENABLE ALWAYS TRIGGER check_automation_version;

-- Only what has not taken effect ends; so ending one never brings back an earlier.
CREATE FUNCTION gate.check_automation_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_state text;
BEGIN
  new.at := clock_timestamp();
  PERFORM gate.lock_automation();
  v_state := gate.automation_state(new.version);
  IF v_state NOT IN ('proposed', 'scheduled') THEN PERFORM gate.refuse('G1', 'these rules are not open: ' || v_state); END IF;
  IF new.kind = 'withdrawn' THEN PERFORM gate.require_admin(new.person_id); END IF;
  IF new.kind = 'overtaken' AND (new.by_version = new.version OR gate.automation_state(new.by_version) NOT IN ('scheduled', 'in_force')) THEN
    PERFORM gate.refuse('G1', 'what overtakes others has its signatures');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_automation_end BEFORE INSERT ON public.automation_end FOR EACH ROW EXECUTE FUNCTION gate.check_automation_end();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.automation_end FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.automation_end FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.automation_end ENABLE ALWAYS TRIGGER check_automation_end;
ALTER TABLE public.automation_end ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE public.automation_end ENABLE ALWAYS TRIGGER no_truncate;

-- As before, over what the version lets run; and nobody signs what is ended or has its signatures.
CREATE OR REPLACE FUNCTION gate.check_automation_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v public.automation_version;
  v_state text;
  v_key bytea;
BEGIN
  new.at := clock_timestamp();
  PERFORM gate.lock_automation();
  PERFORM gate.require_admin(new.person_id);
  SELECT * INTO v FROM public.automation_version WHERE version = new.version;
  IF new.statement_sha256 IS DISTINCT FROM v.statement_sha256 OR NOT gate.automation_as_signed(v.version) THEN
    PERFORM gate.refuse('G5', 'another statement was signed');
  END IF;
  v_state := gate.automation_state(v.version);
  IF v_state <> 'proposed' THEN PERFORM gate.refuse('G1', 'these rules are not open: ' || v_state); END IF;
  IF v.previous IS DISTINCT FROM (SELECT version FROM public.automation_in_force) OR v.at < new.at - interval '1 day'
    OR NOT v.statement::jsonb ? 'weakens' -- written before there was a delay
  THEN
    PERFORM gate.refuse('G11', 'stale: other rules are in force, or these wait for more than a day');
  END IF;
  IF EXISTS (SELECT FROM public.automation_signature s JOIN public.person m ON m.id = s.person_id
    WHERE s.version = new.version AND NOT (m.active AND m.human AND m.role = 'admin'))
  THEN
    PERFORM gate.refuse('G3', 'an earlier signer is no admin any more; the rules are written anew');
  END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = new.person_id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || new.statement_sha256) THEN PERFORM gate.refuse('G6', 'password proof does not match'); END IF;
  RETURN new;
END $$;

-- With the last signature a version needs, those that wait for their time are overtaken: they were compared with rules
-- that this one follows or replaces.
CREATE FUNCTION gate.overtake_automation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF gate.automation_state(new.version) IN ('scheduled', 'in_force') THEN
    INSERT INTO public.automation_end (version, kind, by_version)
      SELECT v.version, 'overtaken', new.version FROM public.automation_version v
      WHERE v.version <> new.version AND gate.automation_state(v.version) = 'scheduled';
  END IF;
  RETURN null;
END $$;
CREATE TRIGGER overtake_automation AFTER INSERT ON public.automation_signature FOR EACH ROW EXECUTE FUNCTION gate.overtake_automation();
ALTER TABLE public.automation_signature ENABLE ALWAYS TRIGGER overtake_automation;

GRANT SELECT ON public.automation_end TO countersign_web, countersign_worker, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.automation_effective_at(int), gate.automation_state(int) TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
