-- The rules of automation that were signed stand, whoever writes; and nothing takes effect again because what came after
-- it was tampered with (docs/decisions/051).

-- How many admins a version needs is what its signed statement says, never what its rows say by now.
CREATE FUNCTION gate.automation_signatures_needed(p_statement text) RETURNS int
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(p_statement::jsonb -> 'rules') AS r WHERE r ->> 'blastRadius' <> 'collection') THEN 2 ELSE 1 END
$$;

-- The newest version that enough admins signed. One whose rows are not its statement stays the newest: then nothing fits
-- (gate.judge_automation), and no earlier version runs in its place.
CREATE OR REPLACE VIEW public.automation_in_force AS
  SELECT v.version, v.doubt_percent, v.statement, v.statement_sha256, v.reason, v.person_id, v.at
  FROM public.automation_version v
  WHERE v.person_id IS NULL
    OR (SELECT count(*) FROM public.automation_signature s WHERE s.version = v.version) >= gate.automation_signatures_needed(v.statement)
  ORDER BY v.version DESC LIMIT 1;

-- Whether a version's rows are word for word what was signed.
CREATE FUNCTION gate.automation_as_signed(p_version int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.statement = gate.automation_statement(v.version, v.previous, v.doubt_percent, v.reason)
  FROM public.automation_version v WHERE v.version = p_version
$$;
GRANT EXECUTE ON FUNCTION gate.automation_as_signed(int) TO countersign_web, countersign_worker, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.automation_signatures_needed(text) TO countersign_web, countersign_worker, countersign_auditor;

-- A rule comes before the first signature over its version, or never. Changes and deletions are refused for all rules.
CREATE FUNCTION gate.check_automation_rule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- An older snapshot would not see a signature.
  IF current_setting('transaction_isolation') <> 'read committed' THEN PERFORM gate.refuse('G35', 'a rule is written over what stands now'); END IF;
  PERFORM gate.lock_automation();
  IF EXISTS (SELECT FROM public.automation_signature WHERE version = new.version)
    OR EXISTS (SELECT FROM public.automation_in_force WHERE version = new.version)
  THEN
    PERFORM gate.refuse('G5', 'the rules of a version that is signed or in force stand');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_automation_rule BEFORE INSERT ON public.automation_rule FOR EACH ROW EXECUTE FUNCTION gate.check_automation_rule();
ALTER TABLE public.automation_rule ENABLE ALWAYS TRIGGER check_automation_rule;

SELECT gate.record_guards();
