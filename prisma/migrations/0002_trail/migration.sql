-- The trail: one append-only log of canonical lines, hashed as it is written. Format: docs/trail-format.md.

-- What this role makes from here on is callable by nobody until it is granted.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA trail;

CREATE TABLE trail.head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL DEFAULT 0,
  prev bytea NOT NULL DEFAULT sha256(''::bytea),
  last_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO trail.head DEFAULT VALUES;

CREATE TABLE trail.incident_head (
  incident_id uuid PRIMARY KEY,
  size bigint NOT NULL DEFAULT 0,
  prev bytea NOT NULL DEFAULT sha256(''::bytea)
);

CREATE TABLE trail.entry (
  seq bigint PRIMARY KEY CHECK (seq >= 0),
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
  actor text NOT NULL,
  role text NOT NULL,
  incident_id uuid,
  line text NOT NULL,
  leaf bytea NOT NULL CHECK (leaf = sha256('\x00'::bytea || convert_to(line, 'UTF8')))
);
CREATE INDEX entry_incident ON trail.entry (incident_id, seq);
CREATE INDEX entry_kind ON trail.entry (kind, seq);
CREATE INDEX entry_actor ON trail.entry (actor, seq);

-- Apart from the line, so that an approved erasure can take a payload away and leave every hash standing.
CREATE TABLE trail.payload (
  seq bigint PRIMARY KEY REFERENCES trail.entry (seq),
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  bytes bytea NOT NULL
);

CREATE TABLE trail.checkpoint (
  size bigint PRIMARY KEY CHECK (size >= 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION trail.deny() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;

-- ENABLE ALWAYS: an ordinary trigger is skipped when session_replication_role is replica.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['entry', 'payload', 'checkpoint'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.%I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE trail.%I ENABLE ALWAYS TRIGGER append_only', name);
    EXECUTE format('ALTER TABLE trail.%I ENABLE ALWAYS TRIGGER append_only_whole', name);
  END LOOP;
END $$;

-- The head only ever steps forward by one.
CREATE FUNCTION trail.step() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE' AND new.size = old.size + 1 AND new.last_at >= old.last_at THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;
CREATE TRIGGER step BEFORE UPDATE OR DELETE ON trail.head FOR EACH ROW EXECUTE FUNCTION trail.step();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.head FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.head ENABLE ALWAYS TRIGGER step;
ALTER TABLE trail.head ENABLE ALWAYS TRIGGER append_only_whole;

-- A checkpoint covers entries that are there, each one more than the last, at the database's time.
CREATE FUNCTION trail.check_checkpoint() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.at := clock_timestamp();
  IF new.size > (SELECT size FROM trail.head) THEN
    RAISE EXCEPTION 'checkpoint: the trail is shorter than %', new.size USING ERRCODE = '42501';
  END IF;
  IF new.size <= (SELECT coalesce(max(size), -1) FROM trail.checkpoint) THEN
    RAISE EXCEPTION 'checkpoint: size % is covered already', new.size USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_checkpoint BEFORE INSERT ON trail.checkpoint FOR EACH ROW EXECUTE FUNCTION trail.check_checkpoint();
ALTER TABLE trail.checkpoint ENABLE ALWAYS TRIGGER check_checkpoint;

-- A JSON string. Postgres' form of text equals RFC 8785 for every character that text can hold.
CREATE FUNCTION trail.json_string(t text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT coalesce(to_json(t)::text, 'null') $$;

-- Canonical JSON (RFC 8785) for objects with plain keys, strings, whole numbers, booleans and null.
CREATE FUNCTION trail.canonical(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE jsonb_typeof(v)
    WHEN 'object' THEN
      RETURN '{' || coalesce((SELECT string_agg(trail.json_string(key) || ':' || trail.canonical(value), ',' ORDER BY key COLLATE "C")
        FROM jsonb_each(v)), '') || '}';
    WHEN 'array' THEN
      RETURN '[' || coalesce((SELECT string_agg(trail.canonical(value), ',' ORDER BY place)
        FROM jsonb_array_elements(v) WITH ORDINALITY AS item (value, place)), '') || ']';
    WHEN 'string' THEN RETURN trail.json_string(v #>> '{}');
    ELSE RETURN v::text;
  END CASE;
END $$;

-- Writes one entry of any kind. The lock on the head is held to the end of the transaction: sequence numbers have
-- no gaps, and their order is the order of commits.
CREATE FUNCTION trail.write(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h trail.head;
  i trail.incident_head;
  now_at timestamptz;
  v_salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  v_bytes bytea := convert_to(p_payload, 'UTF8');
  v_line text;
  v_leaf bytea;
BEGIN
  IF p_actor !~ '^(person:[0-9a-f-]{36}|source:[0-9a-f-]{36}|model:[^\s]{1,200}|system:[a-z0-9._-]{1,100})$' OR p_actor IS NULL THEN
    RAISE EXCEPTION 'trail: no such actor' USING ERRCODE = '22023';
  END IF;
  PERFORM p_payload::json;
  SELECT * INTO STRICT h FROM trail.head FOR UPDATE;
  IF p_incident IS NOT NULL THEN
    INSERT INTO trail.incident_head (incident_id) VALUES (p_incident) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT i FROM trail.incident_head WHERE incident_id = p_incident FOR UPDATE;
  END IF;
  now_at := greatest(clock_timestamp(), h.last_at);
  v_line := format('{"actor":%s,"at":%s,"incident":%s,"incidentPrev":%s,"incidentSeq":%s,"kind":%s,"payload":%s,"prev":%s,"role":%s,"seq":%s,"v":1}',
    trail.json_string(p_actor),
    trail.json_string(to_char(now_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
    trail.json_string(p_incident::text),
    trail.json_string(encode(i.prev, 'hex')),
    coalesce(i.size::text, 'null'),
    trail.json_string(p_kind),
    trail.json_string(encode(sha256(v_salt || v_bytes), 'hex')),
    trail.json_string(encode(h.prev, 'hex')),
    trail.json_string(session_user::text),
    h.size);
  v_leaf := sha256('\x00'::bytea || convert_to(v_line, 'UTF8'));
  INSERT INTO trail.entry (seq, at, kind, actor, role, incident_id, line, leaf)
    VALUES (h.size, now_at, p_kind, p_actor, session_user, p_incident, v_line, v_leaf);
  INSERT INTO trail.payload (seq, salt, bytes) VALUES (h.size, v_salt, v_bytes);
  UPDATE trail.head SET size = h.size + 1, prev = v_leaf, last_at = now_at;
  IF p_incident IS NOT NULL THEN
    UPDATE trail.incident_head SET size = i.size + 1, prev = v_leaf WHERE incident_id = p_incident;
  END IF;
  RETURN h.size;
END $$;

-- What an application login may write. The kinds below speak for the gate or for the owner: only they write them.
CREATE FUNCTION trail.append(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_kind IS NULL OR p_kind !~ '^[a-z_]+\.[a-z_]+$' THEN
    RAISE EXCEPTION 'trail: % is not a kind of entry', coalesce(p_kind, 'null') USING ERRCODE = '22023';
  END IF;
  IF split_part(p_kind, '.', 1) IN ('decision', 'policy', 'role', 'checkpoint', 'person') THEN
    RAISE EXCEPTION 'trail: the kind % is reserved', p_kind USING ERRCODE = '42501';
  END IF;
  RETURN trail.write(p_kind, p_actor, p_incident, p_payload);
END $$;

GRANT USAGE ON SCHEMA trail TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;
GRANT EXECUTE ON FUNCTION trail.append(text, text, uuid, text) TO countersign_web, countersign_worker;
GRANT SELECT ON trail.head, trail.entry, trail.payload, trail.checkpoint TO countersign_web, countersign_worker, countersign_signer;
GRANT SELECT ON ALL TABLES IN SCHEMA trail TO countersign_auditor;
GRANT INSERT (size, root, note) ON trail.checkpoint TO countersign_signer;
