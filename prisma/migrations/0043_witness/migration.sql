-- What witnesses say of checkpoints. A checkpoint stands as it was signed; a cosignature is a line that is added to it.

CREATE TABLE trail.cosignature (
  size bigint NOT NULL REFERENCES trail.checkpoint (size),
  witness text NOT NULL CHECK (witness ~ '^[^[:space:]+]{1,200}$'),
  line text NOT NULL CHECK (octet_length(line) <= 1000 AND line ~ '^— [^[:space:]+]+ [A-Za-z0-9+/=]+\n$'),
  signed_at timestamptz NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (size, witness)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.cosignature FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.cosignature FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.cosignature ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE trail.cosignature ENABLE ALWAYS TRIGGER append_only_whole;

GRANT SELECT ON trail.cosignature TO countersign_web, countersign_worker, countersign_signer, countersign_auditor;
GRANT INSERT (size, witness, line, signed_at) ON trail.cosignature TO countersign_signer;

SELECT gate.record_guards();
