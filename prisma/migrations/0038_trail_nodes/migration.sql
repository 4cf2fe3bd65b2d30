-- An entry says in which session and on whose behalf it was written, costs less, and leaves the hashes of the tree from
-- which a proof for any entry is read. Formats: docs/trail-format.md.

-- The hashes of the complete subtrees of the RFC 6962 tree. Node (level, index) covers the entries from index * 2^level on,
-- 2^level of them; level 0 is trail.entry.leaf.
CREATE TABLE trail.node (
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 62),
  index bigint NOT NULL CHECK (index >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (level, index)
);

-- An entry at an odd place completes a subtree for each 1 that its number ends in; over a log that is less than one an entry.
CREATE FUNCTION trail.complete_nodes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_index bigint := new.seq >> 1;
  v_level smallint := 1;
  v_hash bytea;
BEGIN
  INSERT INTO trail.node (level, index, hash)
    SELECT v_level, v_index, sha256('\x01'::bytea || leaf || new.leaf) FROM trail.entry WHERE seq = new.seq - 1 RETURNING hash INTO STRICT v_hash;
  WHILE v_index & 1 = 1 LOOP
    INSERT INTO trail.node (level, index, hash)
      SELECT v_level + 1, v_index >> 1, sha256('\x01'::bytea || hash || v_hash) FROM trail.node WHERE level = v_level AND index = v_index - 1
      RETURNING hash INTO STRICT v_hash;
    v_level := v_level + 1;
    v_index := v_index >> 1;
  END LOOP;
  RETURN null;
END $$;

-- What is in the log already; nobody appends meanwhile.
LOCK TABLE trail.head IN ACCESS EXCLUSIVE MODE;
DO $$
DECLARE v_level smallint := 1;
BEGIN
  INSERT INTO trail.node (level, index, hash)
    SELECT 1, b.seq >> 1, sha256('\x01'::bytea || a.leaf || b.leaf) FROM trail.entry b JOIN trail.entry a ON a.seq = b.seq - 1 WHERE b.seq & 1 = 1;
  WHILE FOUND LOOP
    v_level := v_level + 1::smallint;
    INSERT INTO trail.node (level, index, hash)
      SELECT v_level, b.index >> 1, sha256('\x01'::bytea || a.hash || b.hash)
      FROM trail.node b JOIN trail.node a ON a.level = b.level AND a.index = b.index - 1 WHERE b.level = v_level - 1 AND b.index & 1 = 1;
  END LOOP;
END $$;

CREATE TRIGGER complete_nodes AFTER INSERT ON trail.entry FOR EACH ROW WHEN (new.seq & 1 = 1) EXECUTE FUNCTION trail.complete_nodes();
ALTER TABLE trail.entry ENABLE ALWAYS TRIGGER complete_nodes;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.node FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.node FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.node ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE trail.node ENABLE ALWAYS TRIGGER append_only_whole;
GRANT SELECT ON trail.node TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;

-- As before, byte for byte, with one call for an object and none for what is in it: the text of a plain value is its
-- canonical form already.
CREATE OR REPLACE FUNCTION trail.canonical(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE jsonb_typeof(v)
    WHEN 'object' THEN
      RETURN '{' || coalesce((SELECT string_agg(to_json(key)::text || ':'
          || CASE WHEN jsonb_typeof(value) IN ('object', 'array') THEN trail.canonical(value) ELSE value::text END, ',' ORDER BY key COLLATE "C")
        FROM jsonb_each(v)), '') || '}';
    WHEN 'array' THEN
      RETURN '[' || coalesce((SELECT string_agg(
          CASE WHEN jsonb_typeof(value) IN ('object', 'array') THEN trail.canonical(value) ELSE value::text END, ',' ORDER BY place)
        FROM jsonb_array_elements(v) WITH ORDINALITY AS item (value, place)), '') || ']';
    ELSE RETURN v::text;
  END CASE;
END $$;

-- As before, in lines of version 2: they carry the session and on whose behalf, as the transaction claims them in the settings
-- countersign.session and countersign.on_behalf. What does not need the head of the log is made before its lock is taken.
CREATE OR REPLACE FUNCTION trail.write(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_session text := nullif(current_setting('countersign.session', true), '');
  v_behalf text := nullif(current_setting('countersign.on_behalf', true), '');
  v_salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  v_bytes bytea := convert_to(p_payload, 'UTF8');
  v_start text;
  v_middle text;
  v_role text;
  v_seq bigint;
  v_prev bytea;
  v_at timestamptz;
  v_incident_seq bigint;
  v_incident_prev bytea;
  v_line text;
  v_leaf bytea;
BEGIN
  -- bounds by length(): a bounded repeat in the pattern costs more than all the rest of the form
  IF NOT coalesce(CASE split_part(p_actor, ':', 1)
      WHEN 'person' THEN length(p_actor) = 43 AND p_actor ~ '^person:[0-9a-f-]+$'
      WHEN 'source' THEN length(p_actor) = 43 AND p_actor ~ '^source:[0-9a-f-]+$'
      WHEN 'model' THEN length(p_actor) BETWEEN 7 AND 206 AND p_actor ~ '^model:[^\s]+$'
      WHEN 'system' THEN length(p_actor) <= 107 AND p_actor ~ '^system:[a-z0-9._-]+$' END, false)
  THEN
    RAISE EXCEPTION 'trail: no such actor' USING ERRCODE = '22023';
  END IF;
  IF length(v_session) <> 16 OR v_session !~ '^[0-9a-f]+$' THEN
    RAISE EXCEPTION 'trail: no such session' USING ERRCODE = '22023';
  END IF;
  IF length(v_behalf) <> 43 OR v_behalf !~ '^person:[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$' THEN
    RAISE EXCEPTION 'trail: nobody to act on behalf of' USING ERRCODE = '22023';
  END IF;
  IF p_actor LIKE 'person:%' THEN
    v_behalf := null; -- a person acts for themselves, whatever else the transaction does
  END IF;
  PERFORM p_payload::json;
  v_start := '{"actor":' || to_json(p_actor)::text || ',"at":"';
  v_middle := ',"kind":"' || p_kind || '","onBehalf":' || coalesce('"' || v_behalf || '"', 'null')
    || ',"payload":"' || encode(sha256(v_salt || v_bytes), 'hex') || '","prev":"';
  v_role := '","role":' || to_json(session_user::text)::text || ',"seq":';
  v_session := coalesce('"' || v_session || '"', 'null');

  SELECT size, prev, greatest(clock_timestamp(), last_at) INTO STRICT v_seq, v_prev, v_at FROM trail.head FOR UPDATE;
  IF p_incident IS NOT NULL THEN
    -- whoever writes it holds the head
    SELECT size, prev INTO v_incident_seq, v_incident_prev FROM trail.incident_head WHERE incident_id = p_incident;
    v_incident_prev := coalesce(v_incident_prev, sha256(''::bytea));
  END IF;
  v_line := v_start || to_char(v_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","incident":'
    || CASE WHEN p_incident IS NULL THEN 'null,"incidentPrev":null,"incidentSeq":null'
       ELSE '"' || p_incident || '","incidentPrev":"' || encode(v_incident_prev, 'hex') || '","incidentSeq":' || coalesce(v_incident_seq, 0) END
    || v_middle || encode(v_prev, 'hex') || v_role || v_seq || ',"session":' || v_session || ',"v":2}';
  v_leaf := sha256('\x00'::bytea || convert_to(v_line, 'UTF8'));
  INSERT INTO trail.entry (seq, at, kind, actor, role, incident_id, line, leaf)
    VALUES (v_seq, v_at, p_kind, p_actor, session_user, p_incident, v_line, v_leaf);
  INSERT INTO trail.payload (seq, salt, bytes) VALUES (v_seq, v_salt, v_bytes);
  UPDATE trail.head SET size = v_seq + 1, prev = v_leaf, last_at = v_at;
  IF v_incident_seq IS NOT NULL THEN
    UPDATE trail.incident_head SET size = v_incident_seq + 1, prev = v_leaf WHERE incident_id = p_incident;
  ELSIF p_incident IS NOT NULL THEN
    INSERT INTO trail.incident_head (incident_id, size, prev) VALUES (p_incident, 1, v_leaf);
  END IF;
  RETURN v_seq;
END $$;

SELECT gate.record_guards();
