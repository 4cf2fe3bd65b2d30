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

SELECT gate.record_guards();
