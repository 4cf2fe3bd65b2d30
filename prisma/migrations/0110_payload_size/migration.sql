-- A payload has an end, so that whoever reads the trail knows how much memory a piece of it takes. What the largest commands
-- write is far below: a closure of 500 incidents is some 200 KB.
ALTER TABLE trail.sealed_payload ADD CONSTRAINT payload_size CHECK (octet_length(bytes) <= 4194304) NOT VALID;

-- As before; and how many bytes of it are stored, which is told without opening it.
CREATE OR REPLACE VIEW trail.payload AS
  SELECT p.seq, p.salt, trail.open_payload(h.key, k.wrapped, p.bytes) AS bytes, p.erased_by, octet_length(p.bytes) AS stored_bytes
  FROM trail.sealed_payload p JOIN trail.entry e ON e.seq = p.seq
    LEFT JOIN trail.payload_key k ON k.incident_id = e.incident_id LEFT JOIN trail.key_encryption_key h ON h.id = k.wrapped_by;

SELECT gate.record_guards();
