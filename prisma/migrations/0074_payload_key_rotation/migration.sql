-- The key that the keys of incidents are encrypted with is changed while the desk runs (docs/decisions/053): both are known
-- until every incident's key is wrapped under the new one. No entry and no payload is touched.

-- The row `one` is the key in force, which a new incident's key is wrapped under; the row that is not is the one it follows.
ALTER TABLE trail.key_encryption_key DROP CONSTRAINT key_encryption_key_one_check;
CREATE UNIQUE INDEX key_encryption_key_id ON trail.key_encryption_key (id);

-- As before, by the key that each incident's was wrapped by.
CREATE OR REPLACE VIEW trail.payload AS
  SELECT p.seq, p.salt, trail.open_payload(h.key, k.wrapped, p.bytes) AS bytes, p.erased_by
  FROM trail.sealed_payload p JOIN trail.entry e ON e.seq = p.seq
    LEFT JOIN trail.payload_key k ON k.incident_id = e.incident_id LEFT JOIN trail.key_encryption_key h ON h.id = k.wrapped_by;

-- As before; an incident's key and the key around it are read in one statement, since both may change between two.
CREATE OR REPLACE FUNCTION trail.seal_payload(p_incident uuid, p_bytes bytea) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h trail.key_encryption_key;
  v_wrapped bytea;
  v_around bytea;
  v_iv bytea := public.gen_random_bytes(16);
BEGIN
  IF p_incident IS NULL THEN RETURN p_bytes; END IF;
  SELECT k.wrapped, o.key INTO v_wrapped, v_around FROM trail.payload_key k LEFT JOIN trail.key_encryption_key o ON o.id = k.wrapped_by WHERE k.incident_id = p_incident;
  IF v_wrapped IS NULL THEN
    SELECT * INTO h FROM trail.key_encryption_key WHERE one;
    IF h.key IS NOT NULL THEN
      INSERT INTO trail.payload_key (incident_id, wrapped, wrapped_by)
        VALUES (p_incident, v_iv || public.encrypt_iv(public.gen_random_bytes(32), h.key, v_iv, 'aes-cbc/pad:none'), h.id)
        ON CONFLICT DO NOTHING;
      SELECT k.wrapped, o.key INTO STRICT v_wrapped, v_around FROM trail.payload_key k LEFT JOIN trail.key_encryption_key o ON o.id = k.wrapped_by WHERE k.incident_id = p_incident;
      v_iv := public.gen_random_bytes(16);
    END IF;
  END IF;
  IF v_around IS NULL THEN
    RAISE EXCEPTION 'trail: the key of the payloads is not set' USING ERRCODE = '55000';
  END IF;
  RETURN '\x01'::bytea || v_iv || public.encrypt_iv(p_bytes,
    public.decrypt_iv(substr(v_wrapped, 17), v_around, substr(v_wrapped, 1, 16), 'aes-cbc/pad:none'), v_iv, 'aes-cbc/pad:pkcs');
END $$;

CREATE FUNCTION trail.payload_key_id(p_key bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256('countersign.payload-key.v1'::bytea || p_key)
$$;

-- For the owner, at every start. Refuses any key but one that the keys of this database were made under. A database that is
-- restored from the middle of a change needs both: the one that is followed, and the next.
DROP FUNCTION trail.set_payload_key(bytea);
CREATE FUNCTION trail.set_payload_key(p_key bytea, p_next bytea DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_id bytea := trail.payload_key_id(p_key);
  v_next bytea := trail.payload_key_id(p_next);
  v_used bytea[] := ARRAY(SELECT DISTINCT wrapped_by FROM trail.payload_key);
BEGIN
  IF EXISTS (SELECT FROM trail.key_encryption_key WHERE id = v_id) THEN RETURN; END IF;
  IF NOT v_used <@ ARRAY[v_id, coalesce(v_next, v_id)] THEN
    RAISE EXCEPTION 'trail: this is not the key that the payloads were sealed under' USING ERRCODE = '22023';
  END IF;
  DELETE FROM trail.key_encryption_key;
  INSERT INTO trail.key_encryption_key (one, key, id, plain_to) SELECT coalesce(NOT v_next = ANY (v_used), true), p_key, v_id, size FROM trail.head;
  IF v_next = ANY (v_used) THEN
    INSERT INTO trail.key_encryption_key (key, id, plain_to) SELECT p_next, v_next, size FROM trail.head;
  END IF;
END $$;

-- As before, of the key in force.
CREATE OR REPLACE FUNCTION trail.seal_older(p_limit int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h trail.key_encryption_key;
  v_next bigint;
BEGIN
  SELECT * INTO STRICT h FROM trail.key_encryption_key WHERE one FOR UPDATE;
  v_next := least(h.plain_from + p_limit, h.plain_to);
  UPDATE trail.sealed_payload p SET bytes = trail.seal_payload(e.incident_id, p.bytes)
    FROM trail.entry e WHERE e.seq = p.seq AND p.seq >= h.plain_from AND p.seq < v_next AND e.incident_id IS NOT NULL
      AND substr(p.bytes, 1, 1) <> '\x01'::bytea;
  UPDATE trail.key_encryption_key SET plain_from = v_next WHERE one;
  RETURN h.plain_to - v_next;
END $$;

-- As before, by the key around it.
CREATE OR REPLACE FUNCTION trail.check_payload_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_incident uuid := (SELECT incident_id FROM trail.entry WHERE seq = old.seq);
BEGIN
  IF tg_op = 'UPDATE' AND (new.seq, new.salt) = (old.seq, old.salt) AND old.erased_by IS NULL AND new.erased_by IS NULL
    AND substr(old.bytes, 1, 1) <> '\x01'::bytea AND substr(new.bytes, 1, 1) = '\x01'::bytea
    AND old.bytes = (SELECT trail.open_payload(h.key, k.wrapped, new.bytes) FROM trail.payload_key k JOIN trail.key_encryption_key h ON h.id = k.wrapped_by
      WHERE k.incident_id = v_incident)
  THEN
    RETURN new;
  END IF;
  IF tg_op = 'UPDATE' AND new.seq = old.seq AND old.erased_by IS NULL AND new.salt IS NULL AND new.bytes IS NULL
    AND trail.is_being_erased(v_incident)
    AND EXISTS (SELECT FROM trail.entry k WHERE k.seq = new.erased_by AND k.kind = 'payload.erased' AND k.incident_id = v_incident AND k.seq > old.seq)
  THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;

-- As before, and a key may be wrapped anew under the key in force: the same key, or none.
CREATE OR REPLACE FUNCTION trail.check_key_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'DELETE' AND trail.is_being_erased(old.incident_id) THEN RETURN old; END IF;
  IF tg_op = 'UPDATE' AND new.incident_id = old.incident_id AND EXISTS (
    SELECT FROM trail.key_encryption_key n JOIN trail.key_encryption_key o ON n.one AND NOT o.one
    WHERE (n.id, o.id) = (new.wrapped_by, old.wrapped_by)
      AND public.decrypt_iv(substr(new.wrapped, 17), n.key, substr(new.wrapped, 1, 16), 'aes-cbc/pad:none')
        = public.decrypt_iv(substr(old.wrapped, 17), o.key, substr(old.wrapped, 1, 16), 'aes-cbc/pad:none'))
  THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;

-- For the owner, the three steps of a change, each its own transaction; cut off anywhere, they are called again.
-- From here on new incidents are under the next key.
CREATE FUNCTION trail.begin_payload_key(p_key bytea, p_next bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h trail.key_encryption_key;
BEGIN
  PERFORM FROM trail.head FOR UPDATE;
  SELECT * INTO h FROM trail.key_encryption_key WHERE one;
  IF EXISTS (SELECT FROM trail.key_encryption_key WHERE NOT one) AND h.id = trail.payload_key_id(p_next) THEN RETURN; END IF;
  IF h.id IS DISTINCT FROM trail.payload_key_id(p_key) OR EXISTS (SELECT FROM trail.key_encryption_key WHERE NOT one) THEN
    RAISE EXCEPTION 'trail: this is not the key that the payloads are sealed under' USING ERRCODE = '22023';
  END IF;
  DELETE FROM trail.key_encryption_key;
  INSERT INTO trail.key_encryption_key (one, key, id, plain_from, plain_to) VALUES
    (false, h.key, h.id, h.plain_from, h.plain_to), (true, p_next, trail.payload_key_id(p_next), h.plain_from, h.plain_to);
END $$;

-- Wraps the keys of the next `p_limit` incidents anew; returns how many it were.
CREATE FUNCTION trail.wrap_payload_keys(p_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int;
BEGIN
  WITH due AS (
    SELECT k.incident_id, h.id, public.gen_random_bytes(16) AS iv, h.key,
      public.decrypt_iv(substr(k.wrapped, 17), o.key, substr(k.wrapped, 1, 16), 'aes-cbc/pad:none') AS bare
    FROM trail.payload_key k JOIN trail.key_encryption_key o ON o.id = k.wrapped_by AND NOT o.one JOIN trail.key_encryption_key h ON h.one
    LIMIT p_limit FOR UPDATE OF k)
  UPDATE trail.payload_key k SET wrapped = d.iv || public.encrypt_iv(d.bare, d.key, d.iv, 'aes-cbc/pad:none'), wrapped_by = d.id
    FROM due d WHERE k.incident_id = d.incident_id;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;

-- The last: whoever was writing under the former key has committed once the head is held, and nothing is left under it.
-- Returns false when there is something again, and true when the former key is gone, told on the trail once.
CREATE FUNCTION trail.end_payload_key() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o trail.key_encryption_key; h trail.key_encryption_key;
BEGIN
  PERFORM FROM trail.head FOR UPDATE;
  SELECT * INTO o FROM trail.key_encryption_key WHERE NOT one;
  IF o.id IS NULL THEN RETURN true; END IF;
  IF EXISTS (SELECT FROM trail.payload_key WHERE wrapped_by = o.id) THEN RETURN false; END IF;
  SELECT * INTO STRICT h FROM trail.key_encryption_key WHERE one;
  PERFORM trail.write('payload.key_rotated', 'system:owner', null, trail.canonical(jsonb_build_object(
    'from', encode(o.id, 'hex'), 'to', encode(h.id, 'hex'), 'incidents', (SELECT count(*) FROM trail.payload_key))));
  DELETE FROM trail.key_encryption_key WHERE NOT one;
  RETURN true;
END $$;

CREATE INDEX payload_key_wrapped_by ON trail.payload_key (wrapped_by);

SELECT gate.record_guards();
