-- A log whose key may be stolen is frozen, and goes on under another name and key. Sequence and tree continue: what was
-- written before stays where it is, and the first entry under the new name cites the size and root of all before it.

-- `seq`: the last entry before the standstill, which tells of it.
CREATE TABLE trail.log_freeze (
  seq bigint PRIMARY KEY REFERENCES trail.entry (seq),
  reason text NOT NULL CHECK (reason ~ '\S' AND char_length(reason) <= 1000),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The names that the log had after its first; each ends one freeze. `seq`: the entry that cites what was before.
CREATE TABLE trail.log_origin (
  name text PRIMARY KEY CHECK (name ~ '^[^[:space:]+]{1,250}$'),
  seq bigint NOT NULL UNIQUE REFERENCES trail.entry (seq),
  frozen bigint NOT NULL UNIQUE REFERENCES trail.log_freeze (seq),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['log_freeze', 'log_origin'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.%I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE trail.%I ENABLE ALWAYS TRIGGER append_only', name);
    EXECUTE format('ALTER TABLE trail.%I ENABLE ALWAYS TRIGGER append_only_whole', name);
  END LOOP;
END $$;
GRANT SELECT ON trail.log_freeze, trail.log_origin TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;

-- The freeze that no new name has ended; null when entries are taken.
CREATE FUNCTION trail.frozen_at() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.seq FROM trail.log_freeze f WHERE NOT EXISTS (SELECT FROM trail.log_origin o WHERE o.frozen = f.seq) ORDER BY f.seq DESC LIMIT 1
$$;

-- Whoever writes an entry holds the head; whoever freezes does too. So no entry slips in behind the last one.
CREATE FUNCTION trail.refuse_frozen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.kind <> 'log.continued' AND trail.frozen_at() IS NOT NULL THEN
    RAISE EXCEPTION 'trail: the log is frozen, nothing is written' USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER refuse_frozen BEFORE INSERT ON trail.entry FOR EACH ROW EXECUTE FUNCTION trail.refuse_frozen();
ALTER TABLE trail.entry ENABLE ALWAYS TRIGGER refuse_frozen;

-- `role` is who logged in: the owner, or an administrator who became it. No login of the product's processes.
ALTER TABLE trail.entry ADD CONSTRAINT entry_log_owner CHECK (kind NOT IN ('log.frozen', 'log.continued') OR role = 'countersign_owner' OR role !~ '^countersign_');

-- Since the log has another name, a checkpoint bears it and covers the entry that cites what was before.
CREATE FUNCTION trail.check_origin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  o trail.log_origin;
BEGIN
  SELECT * INTO o FROM trail.log_origin ORDER BY seq DESC LIMIT 1;
  IF FOUND AND (split_part(new.note, E'\n', 1) <> o.name OR new.size <= o.seq) THEN
    RAISE EXCEPTION 'checkpoint: the log goes on as %', o.name USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_origin BEFORE INSERT ON trail.checkpoint FOR EACH ROW EXECUTE FUNCTION trail.check_origin();
ALTER TABLE trail.checkpoint ENABLE ALWAYS TRIGGER check_origin;

-- Stops the log: one more entry, and then none. For the owner alone.
CREATE FUNCTION trail.freeze_log(p_reason text, p_by text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_seq bigint;
BEGIN
  v_seq := trail.write('log.frozen', 'system:owner', NULL, trail.canonical(jsonb_build_object('by', p_by, 'reason', p_reason)));
  INSERT INTO trail.log_freeze (seq, reason) VALUES (v_seq, p_reason);
  RETURN v_seq;
END $$;

-- Lets a frozen log go on. `p_cited` is what its first entry tells: from, to, key, oldKeys, size, root, by, reason.
CREATE FUNCTION trail.continue_log(p_to text, p_size bigint, p_cited jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_freeze bigint := trail.frozen_at();
  v_seq bigint;
BEGIN
  IF v_freeze IS NULL OR p_size <> v_freeze + 1 THEN
    RAISE EXCEPTION 'trail: the log is not frozen at % entries', p_size USING ERRCODE = '42501';
  END IF;
  v_seq := trail.write('log.continued', 'system:owner', NULL, trail.canonical(p_cited));
  INSERT INTO trail.log_origin (name, seq, frozen) VALUES (p_to, v_seq, v_freeze);
  RETURN v_seq;
END $$;

SELECT gate.record_guards();
