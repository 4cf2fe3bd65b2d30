-- What the entries of an incident tell lies encrypted under a key of that incident alone, so that an erasure can take
-- it away for good and leave every line, hash and proof standing. A line commits to the plain bytes as before.

CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA public;

-- What all keys of incidents are encrypted with. Set at every start from a file beside the database; in no backup.
CREATE TABLE trail.key_encryption_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  id bytea NOT NULL CHECK (octet_length(id) = 32),
  -- entries that were written before there were keys: from `plain_from` to before `plain_to` they may lie in the clear
  plain_from bigint NOT NULL DEFAULT 0,
  plain_to bigint NOT NULL
);

CREATE TABLE trail.payload_key (
  incident_id uuid PRIMARY KEY,
  -- 16 bytes of IV, then the 32 bytes of the key in AES-256-CBC
  wrapped bytea NOT NULL CHECK (octet_length(wrapped) = 48),
  wrapped_by bytea NOT NULL CHECK (octet_length(wrapped_by) = 32)
);

ALTER TABLE trail.payload RENAME TO sealed_payload;
ALTER TABLE trail.sealed_payload
  ALTER COLUMN salt DROP NOT NULL,
  ALTER COLUMN bytes DROP NOT NULL,
  ADD COLUMN erased_by bigint REFERENCES trail.entry (seq),
  ADD CONSTRAINT payload_whole_or_erased CHECK ((salt IS NULL) = (erased_by IS NOT NULL) AND (bytes IS NULL) = (erased_by IS NOT NULL) AND erased_by > seq);
REVOKE ALL ON trail.sealed_payload FROM countersign_web, countersign_worker, countersign_signer, countersign_auditor;

-- Opens what `seal_payload` made; what is plain is given back as it is. Null when it cannot be opened: the reader says
-- which entry that is, instead of failing over all of them.
CREATE FUNCTION trail.open_payload(p_kek bytea, p_wrapped bytea, p_bytes bytea) RETURNS bytea
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF substr(p_bytes, 1, 1) IS DISTINCT FROM '\x01'::bytea THEN RETURN p_bytes; END IF;
  RETURN public.decrypt_iv(substr(p_bytes, 18),
    public.decrypt_iv(substr(p_wrapped, 17), p_kek, substr(p_wrapped, 1, 16), 'aes-cbc/pad:none'), substr(p_bytes, 2, 16), 'aes-cbc/pad:pkcs');
EXCEPTION WHEN external_routine_invocation_exception OR invalid_parameter_value THEN
  RETURN null;
END $$;

-- The payload of every entry as it was written; `bytes` and `salt` are null when it was erased by the entry `erased_by`.
CREATE VIEW trail.payload AS
  SELECT p.seq, p.salt, trail.open_payload(h.key, k.wrapped, p.bytes) AS bytes, p.erased_by
  FROM trail.sealed_payload p JOIN trail.entry e ON e.seq = p.seq
    LEFT JOIN trail.payload_key k ON k.incident_id = e.incident_id LEFT JOIN trail.key_encryption_key h ON true;

-- What lies in the table for these bytes: 0x01, 16 bytes of IV, AES-256-CBC under the incident's key, which the first
-- entry makes. What is of no incident stays plain; JSON never begins with 0x01.
CREATE FUNCTION trail.seal_payload(p_incident uuid, p_bytes bytea) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h trail.key_encryption_key;
  v_wrapped bytea;
  v_iv bytea := public.gen_random_bytes(16);
BEGIN
  IF p_incident IS NULL THEN RETURN p_bytes; END IF;
  SELECT * INTO h FROM trail.key_encryption_key;
  IF h.key IS NULL THEN
    RAISE EXCEPTION 'trail: the key of the payloads is not set' USING ERRCODE = '55000';
  END IF;
  SELECT wrapped INTO v_wrapped FROM trail.payload_key WHERE incident_id = p_incident;
  IF v_wrapped IS NULL THEN
    INSERT INTO trail.payload_key (incident_id, wrapped, wrapped_by)
      VALUES (p_incident, v_iv || public.encrypt_iv(public.gen_random_bytes(32), h.key, v_iv, 'aes-cbc/pad:none'), h.id)
      ON CONFLICT DO NOTHING;
    SELECT wrapped INTO STRICT v_wrapped FROM trail.payload_key WHERE incident_id = p_incident;
    v_iv := public.gen_random_bytes(16);
  END IF;
  RETURN '\x01'::bytea || v_iv || public.encrypt_iv(p_bytes,
    public.decrypt_iv(substr(v_wrapped, 17), h.key, substr(v_wrapped, 1, 16), 'aes-cbc/pad:none'), v_iv, 'aes-cbc/pad:pkcs');
END $$;

-- For the owner, at every start. Refuses any key but the one that the keys of this database were made under.
CREATE FUNCTION trail.set_payload_key(p_key bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id bytea := sha256('countersign.payload-key.v1'::bytea || p_key);
BEGIN
  IF EXISTS (SELECT FROM trail.payload_key WHERE wrapped_by IS DISTINCT FROM v_id) THEN
    RAISE EXCEPTION 'trail: this is not the key that the payloads were sealed under' USING ERRCODE = '22023';
  END IF;
  INSERT INTO trail.key_encryption_key (key, id, plain_to) SELECT p_key, v_id, size FROM trail.head
    ON CONFLICT (one) DO UPDATE SET key = excluded.key, id = excluded.id WHERE trail.key_encryption_key.id <> excluded.id;
END $$;

-- Encrypts what was written before there were keys, the next `p_limit` entries; returns how many are left to look at.
CREATE FUNCTION trail.seal_older(p_limit int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h trail.key_encryption_key;
  v_next bigint;
BEGIN
  SELECT * INTO STRICT h FROM trail.key_encryption_key FOR UPDATE;
  v_next := least(h.plain_from + p_limit, h.plain_to);
  UPDATE trail.sealed_payload p SET bytes = trail.seal_payload(e.incident_id, p.bytes)
    FROM trail.entry e WHERE e.seq = p.seq AND p.seq >= h.plain_from AND p.seq < v_next AND e.incident_id IS NOT NULL
      AND substr(p.bytes, 1, 1) <> '\x01'::bytea;
  UPDATE trail.key_encryption_key SET plain_from = v_next;
  RETURN h.plain_to - v_next;
END $$;

-- A payload is never changed: only what lay in the clear is encrypted, and must open to the same bytes.
CREATE FUNCTION trail.check_payload_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE' AND (new.seq, new.salt) = (old.seq, old.salt) AND old.erased_by IS NULL AND new.erased_by IS NULL
    AND substr(old.bytes, 1, 1) <> '\x01'::bytea AND substr(new.bytes, 1, 1) = '\x01'::bytea
    AND old.bytes = (SELECT trail.open_payload(h.key, k.wrapped, new.bytes) FROM trail.entry e
      JOIN trail.payload_key k ON k.incident_id = e.incident_id CROSS JOIN trail.key_encryption_key h WHERE e.seq = old.seq)
  THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;
DROP TRIGGER append_only ON trail.sealed_payload;
CREATE TRIGGER check_change BEFORE UPDATE OR DELETE ON trail.sealed_payload FOR EACH ROW EXECUTE FUNCTION trail.check_payload_change();
ALTER TABLE trail.sealed_payload ENABLE ALWAYS TRIGGER check_change;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.payload_key FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.payload_key FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.payload_key ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE trail.payload_key ENABLE ALWAYS TRIGGER append_only_whole;

-- As before, but for the payload, which is sealed.
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
  -- Under the head's lock: an erasure holds it too while it takes the incident's key away.
  INSERT INTO trail.sealed_payload (seq, salt, bytes) VALUES (v_seq, v_salt, trail.seal_payload(p_incident, v_bytes));
  UPDATE trail.head SET size = v_seq + 1, prev = v_leaf, last_at = v_at;
  IF v_incident_seq IS NOT NULL THEN
    UPDATE trail.incident_head SET size = v_incident_seq + 1, prev = v_leaf WHERE incident_id = p_incident;
  ELSIF p_incident IS NOT NULL THEN
    INSERT INTO trail.incident_head (incident_id, size, prev) VALUES (p_incident, 1, v_leaf);
  END IF;
  RETURN v_seq;
END $$;

-- As before; what is erased and what is held is the gate's own to say.
CREATE OR REPLACE FUNCTION trail.append(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_noun text := split_part(p_kind, '.', 1);
BEGIN
  IF p_kind IS NULL OR p_kind !~ '^[a-z_]+\.[a-z_]+$' THEN
    RAISE EXCEPTION 'trail: % is not a kind of entry', coalesce(p_kind, 'null') USING ERRCODE = '22023';
  END IF;
  IF v_noun IN ('decision', 'policy', 'role', 'checkpoint', 'person', 'response', 'passkey', 'model', 'report', 'responder', 'payload', 'erasure', 'hold')
    OR p_kind IN ('incident.status_changed', 'evidence.dropped', 'run.cancelled', 'export.key_published') OR p_actor IN ('system:gate', 'system:owner', 'system:responder', 'system:automation')
  THEN
    RAISE EXCEPTION 'trail: the kind % is reserved', p_kind USING ERRCODE = '42501';
  END IF;
  IF (session_user = 'countersign_web' AND (v_noun IN ('model_run', 'prompt', 'evaluation') OR p_kind IN ('summary.issued', 'summary.reverified', 'trail.checked')
      OR p_actor LIKE 'model:%' OR p_actor = 'system:worker'))
    OR (session_user = 'countersign_worker' AND (v_noun IN ('session', 'password', 'access', 'source', 'note', 'claim', 'verdict', 'export', 'question', 'draft', 'run', 'budget')
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

GRANT SELECT ON trail.payload TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;
GRANT EXECUTE ON FUNCTION trail.open_payload(bytea, bytea, bytea) TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;

SELECT gate.record_guards();
