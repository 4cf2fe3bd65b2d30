-- What the trail rests on besides: time-stamp tokens, and the log's next keys.

-- Time-stamp tokens (RFC 3161) over checkpoints: a third party's word that a checkpoint existed before a time.

CREATE TABLE trail.timestamp_token (
  size bigint PRIMARY KEY REFERENCES trail.checkpoint (size),
  token bytea NOT NULL CHECK (octet_length(token) BETWEEN 1 AND 65536),
  stamped_at timestamptz NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.timestamp_token FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.timestamp_token FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.timestamp_token ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE trail.timestamp_token ENABLE ALWAYS TRIGGER append_only_whole;

GRANT SELECT ON trail.timestamp_token TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;
GRANT INSERT (size, token, stamped_at) ON trail.timestamp_token TO countersign_signer;

-- The log's keys after its first: each is told of once on the trail, by the signer alone.
CREATE TABLE trail.log_key (
  verifier_key text PRIMARY KEY CHECK (octet_length(verifier_key) <= 400 AND verifier_key ~ '^[^[:space:]+]+[+][0-9a-f]{8}[+][A-Za-z0-9+/=]+$'),
  seq bigint NOT NULL REFERENCES trail.entry (seq),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.log_key FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.log_key FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.log_key ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE trail.log_key ENABLE ALWAYS TRIGGER append_only_whole;
GRANT SELECT ON trail.log_key TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;

-- `role` is the login that wrote the entry: no other may say that the key has changed.
ALTER TABLE trail.entry ADD CONSTRAINT entry_key_rotated CHECK (kind <> 'key.rotated' OR role = 'countersign_signer');

CREATE FUNCTION trail.rotate_key(p_from text, p_to text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_seq bigint;
BEGIN
  SELECT seq INTO v_seq FROM trail.log_key WHERE verifier_key = p_to;
  IF FOUND THEN
    RETURN v_seq;
  END IF;
  v_seq := trail.write('key.rotated', 'system:signer', NULL, trail.canonical(jsonb_build_object('from', p_from, 'to', p_to)));
  INSERT INTO trail.log_key (verifier_key, seq) VALUES (p_to, v_seq);
  RETURN v_seq;
END $$;
GRANT EXECUTE ON FUNCTION trail.rotate_key(text, text) TO countersign_signer;

SELECT gate.record_guards();
