-- A lawful erasure of what an incident's entries tell, asked for by one person, approved by another; and legal holds.

-- On one incident, or with none on everything this desk keeps.
CREATE TABLE trail.legal_hold (
  id uuid PRIMARY KEY,
  incident_id uuid REFERENCES public.incident (id),
  person_id uuid NOT NULL REFERENCES public.person (id),
  reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 1000),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX legal_hold_incident ON trail.legal_hold (incident_id);
CREATE INDEX legal_hold_order ON trail.legal_hold (at DESC, id DESC);

CREATE TABLE trail.legal_hold_lift (
  hold_id uuid PRIMARY KEY REFERENCES trail.legal_hold (id),
  person_id uuid NOT NULL REFERENCES public.person (id),
  reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 1000),
  statement_sha256 bytea NOT NULL,
  proof bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE trail.erasure (
  id uuid PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES public.incident (id),
  person_id uuid NOT NULL REFERENCES public.person (id),
  legal_basis text NOT NULL CHECK (legal_basis IN ('purpose_ended', 'consent_withdrawn', 'objection', 'unlawful_processing', 'legal_obligation')),
  reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 1000),
  statement text NOT NULL,
  statement_sha256 bytea NOT NULL UNIQUE CHECK (statement_sha256 = sha256(convert_to(statement, 'UTF8'))),
  proof bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX erasure_incident ON trail.erasure (incident_id, at DESC);
CREATE INDEX erasure_order ON trail.erasure (at DESC, id DESC);

CREATE TABLE trail.erasure_end (
  erasure_id uuid PRIMARY KEY REFERENCES trail.erasure (id),
  outcome text NOT NULL CHECK (outcome IN ('approved', 'refused', 'withdrawn')),
  person_id uuid NOT NULL REFERENCES public.person (id),
  reason text CHECK ((reason IS NULL) = (outcome = 'approved') AND length(btrim(reason)) BETWEEN 1 AND 1000),
  statement_sha256 bytea,
  proof bytea CHECK ((proof IS NOT NULL) = (outcome = 'approved')),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- what is erased is erased in the transaction of its approval, and in no other
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id()
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['legal_hold', 'legal_hold_lift', 'erasure', 'erasure_end'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.%1$I FOR EACH ROW EXECUTE FUNCTION trail.deny();
      CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.%1$I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
      ALTER TABLE trail.%1$I ENABLE ALWAYS TRIGGER append_only; ALTER TABLE trail.%1$I ENABLE ALWAYS TRIGGER append_only_whole', name);
  END LOOP;
END $$;

-- Does a hold stand over this incident? Over null: over everything.
CREATE FUNCTION gate.is_held(p_incident uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM trail.legal_hold h WHERE (h.incident_id IS NULL OR h.incident_id = p_incident)
    AND NOT EXISTS (SELECT FROM trail.legal_hold_lift l WHERE l.hold_id = h.id))
$$;

-- Holds and erasures pass one lock, and see what was committed before it: a hold counts from its commit.
CREATE FUNCTION gate.lock_holds() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(x'63676e38'::bigint);
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM gate.refuse('G11', 'stale: this transaction may not see a hold that stands');
  END IF;
END $$;

-- A lead or an admin who is active. Holds and erasures are theirs.
CREATE FUNCTION gate.require_keeper(p_person uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = p_person FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role NOT IN ('lead', 'admin') THEN PERFORM gate.refuse('G3', 'this is for a lead or an admin'); END IF;
END $$;

CREATE FUNCTION gate.require_password(p_person uuid, p_statement text, p_statement_sha256 bytea, p_proof bytea) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_key bytea;
BEGIN
  IF p_statement_sha256 IS DISTINCT FROM sha256(convert_to(p_statement, 'UTF8')) THEN PERFORM gate.refuse('G5', 'another statement was signed'); END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = p_person;
  IF v_key IS NULL OR p_proof IS DISTINCT FROM sha256(v_key || p_statement_sha256) THEN PERFORM gate.refuse('G6', 'password proof does not match'); END IF;
END $$;

-- What lifting a hold signs.
CREATE FUNCTION gate.hold_lift_statement(p_hold uuid, p_reason text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'lift_legal_hold', 'hold', h.id, 'incident', h.incident_id, 'heldBecause', h.reason, 'reason', p_reason, 'v', 1))
  FROM trail.legal_hold h WHERE h.id = p_hold
$$;

-- What asking for an erasure signs; `request` counts those of this incident, so that no proof serves twice.
CREATE FUNCTION gate.erasure_statement(p_incident uuid, p_basis text, p_reason text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'ask_erasure', 'incident', i.id, 'number', i.number, 'legalBasis', p_basis, 'reason', p_reason,
    'request', 1 + (SELECT count(*) FROM trail.erasure r WHERE r.incident_id = i.id), 'v', 1))
  FROM public.incident i WHERE i.id = p_incident
$$;

-- What approving one signs: the request as it was signed.
CREATE FUNCTION gate.erasure_approval_statement(p_erasure uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'approve_erasure', 'erasure', r.id, 'askedBy', r.person_id, 'request', r.statement::jsonb, 'v', 1))
  FROM trail.erasure r WHERE r.id = p_erasure
$$;

-- open | approved | refused | withdrawn | expired: nobody approves what was asked more than thirty days ago.
CREATE FUNCTION gate.erasure_state(p_at timestamptz, p_outcome text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(p_outcome, CASE WHEN p_at < statement_timestamp() - interval '30 days' THEN 'expired' ELSE 'open' END)
$$;

-- Only what is closed and under no hold is erased.
CREATE FUNCTION gate.require_erasable(p_incident uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i public.incident;
BEGIN
  SELECT * INTO i FROM public.incident WHERE id = p_incident FOR UPDATE;
  IF i.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such incident'); END IF;
  -- its entries tell of what it was merged with and of what was decided together with it
  IF EXISTS (SELECT FROM public.incident o WHERE gate.is_held(o.id) AND (o.id IN (i.id, i.merged_into_id) OR o.merged_into_id = i.id OR o.id IN (
    SELECT m.incident_id FROM public.decision d JOIN public.decision_incident m ON m.decision_id = d.id WHERE d.incident_id = i.id))) THEN PERFORM gate.refuse('G36', 'a legal hold stands'); END IF;
  IF i.status <> 'closed' AND i.merged_into_id IS NULL THEN PERFORM gate.refuse('G14', 'no erasure of an incident that is worked on'); END IF;
END $$;

CREATE FUNCTION trail.check_hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.at := clock_timestamp();
  PERFORM gate.lock_holds();
  PERFORM gate.require_keeper(new.person_id);
  IF new.incident_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.incident WHERE id = new.incident_id) THEN
    PERFORM gate.refuse('G10', 'there is no such incident');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_hold BEFORE INSERT ON trail.legal_hold FOR EACH ROW EXECUTE FUNCTION trail.check_hold();
ALTER TABLE trail.legal_hold ENABLE ALWAYS TRIGGER check_hold;

CREATE FUNCTION trail.check_hold_lift() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.at := clock_timestamp();
  PERFORM gate.lock_holds();
  PERFORM gate.require_keeper(new.person_id);
  PERFORM gate.require_password(new.person_id, gate.hold_lift_statement(new.hold_id, new.reason), new.statement_sha256, new.proof);
  RETURN new;
END $$;
CREATE TRIGGER check_hold_lift BEFORE INSERT ON trail.legal_hold_lift FOR EACH ROW EXECUTE FUNCTION trail.check_hold_lift();
ALTER TABLE trail.legal_hold_lift ENABLE ALWAYS TRIGGER check_hold_lift;

CREATE FUNCTION trail.check_erasure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.at := clock_timestamp();
  PERFORM gate.lock_holds();
  PERFORM gate.require_keeper(new.person_id);
  PERFORM gate.require_erasable(new.incident_id);
  IF EXISTS (SELECT FROM trail.erasure r LEFT JOIN trail.erasure_end x ON x.erasure_id = r.id
    WHERE r.incident_id = new.incident_id AND gate.erasure_state(r.at, x.outcome) = 'open')
  THEN PERFORM gate.refuse('G1', 'an erasure of this incident is asked for already'); END IF;
  new.statement := gate.erasure_statement(new.incident_id, new.legal_basis, new.reason);
  PERFORM gate.require_password(new.person_id, new.statement, new.statement_sha256, new.proof);
  RETURN new;
END $$;
CREATE TRIGGER check_erasure BEFORE INSERT ON trail.erasure FOR EACH ROW EXECUTE FUNCTION trail.check_erasure();
ALTER TABLE trail.erasure ENABLE ALWAYS TRIGGER check_erasure;

CREATE FUNCTION trail.check_erasure_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r trail.erasure;
BEGIN
  new.at := clock_timestamp();
  new.transaction := pg_current_xact_id();
  PERFORM gate.lock_holds();
  PERFORM gate.require_keeper(new.person_id);
  SELECT * INTO r FROM trail.erasure WHERE id = new.erasure_id;
  IF r.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such erasure'); END IF;
  IF EXISTS (SELECT FROM trail.erasure_end WHERE erasure_id = r.id) OR gate.erasure_state(r.at, null) <> 'open' THEN
    PERFORM gate.refuse('G1', 'this erasure is not open any more');
  END IF;
  IF (new.outcome = 'withdrawn') <> (new.person_id = r.person_id) THEN
    PERFORM gate.refuse('G4', 'another person approves or refuses what one asked for, and only one''s own is withdrawn');
  END IF;
  IF new.outcome = 'approved' THEN
    PERFORM gate.require_keeper(r.person_id);
    PERFORM gate.require_erasable(r.incident_id);
    PERFORM gate.require_password(new.person_id, gate.erasure_approval_statement(r.id), new.statement_sha256, new.proof);
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_erasure_end BEFORE INSERT ON trail.erasure_end FOR EACH ROW EXECUTE FUNCTION trail.check_erasure_end();
ALTER TABLE trail.erasure_end ENABLE ALWAYS TRIGGER check_erasure_end;

-- Is this incident being erased in this very transaction?
CREATE FUNCTION trail.is_being_erased(p_incident uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM trail.erasure_end x JOIN trail.erasure r ON r.id = x.erasure_id
    WHERE r.incident_id = p_incident AND x.outcome = 'approved' AND x.transaction = pg_current_xact_id())
$$;

-- As before, and a key goes with the approval of an erasure.
CREATE FUNCTION trail.check_key_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'DELETE' AND trail.is_being_erased(old.incident_id) THEN RETURN old; END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;
DROP TRIGGER append_only ON trail.payload_key;
CREATE TRIGGER check_change BEFORE UPDATE OR DELETE ON trail.payload_key FOR EACH ROW EXECUTE FUNCTION trail.check_key_change();
ALTER TABLE trail.payload_key ENABLE ALWAYS TRIGGER check_change;

-- As before, and a payload goes with the approval of an erasure, for good and naming the entry that says so.
CREATE OR REPLACE FUNCTION trail.check_payload_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_incident uuid := (SELECT incident_id FROM trail.entry WHERE seq = old.seq);
BEGIN
  IF tg_op = 'UPDATE' AND (new.seq, new.salt) = (old.seq, old.salt) AND old.erased_by IS NULL AND new.erased_by IS NULL
    AND substr(old.bytes, 1, 1) <> '\x01'::bytea AND substr(new.bytes, 1, 1) = '\x01'::bytea
    AND old.bytes = (SELECT trail.open_payload(h.key, k.wrapped, new.bytes) FROM trail.payload_key k CROSS JOIN trail.key_encryption_key h
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

-- An approval erases: key and payloads go, and the entry that says so stands under a new key. The request and its end
-- stand as rows; their entries' payloads go with the rest, and are told again here.
CREATE FUNCTION trail.carry_out_erasure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r trail.erasure; v record; v_entry bigint;
BEGIN
  SELECT * INTO STRICT r FROM trail.erasure WHERE id = new.erasure_id;
  IF new.outcome <> 'approved' THEN
    PERFORM trail.write('erasure.' || new.outcome, 'person:' || new.person_id, r.incident_id,
      trail.canonical(jsonb_build_object('erasure', r.id, 'reason', new.reason)));
    RETURN null;
  END IF;
  -- entries of this incident wait behind the head while they are counted
  PERFORM FROM trail.head FOR UPDATE;
  DELETE FROM trail.payload_key WHERE incident_id = r.incident_id;
  SELECT count(*) AS n, min(p.seq) AS first, max(p.seq) AS last INTO v
    FROM trail.sealed_payload p JOIN trail.entry e ON e.seq = p.seq WHERE e.incident_id = r.incident_id AND p.erased_by IS NULL;
  v_entry := trail.write('payload.erased', 'person:' || new.person_id, r.incident_id, trail.canonical(jsonb_build_object(
    'erasure', r.id, 'legalBasis', r.legal_basis, 'reason', r.reason, 'askedBy', r.person_id, 'approvedBy', new.person_id,
    'entries', v.n, 'from', v.first, 'to', v.last, 'askedSha256', encode(r.statement_sha256, 'hex'), 'approvedSha256', encode(new.statement_sha256, 'hex'))));
  UPDATE trail.sealed_payload p SET salt = null, bytes = null, erased_by = v_entry
    FROM trail.entry e WHERE e.seq = p.seq AND e.incident_id = r.incident_id AND p.seq < v_entry AND p.erased_by IS NULL;
  RETURN null;
END $$;
CREATE TRIGGER carry_out AFTER INSERT ON trail.erasure_end FOR EACH ROW EXECUTE FUNCTION trail.carry_out_erasure();
ALTER TABLE trail.erasure_end ENABLE ALWAYS TRIGGER carry_out;

CREATE FUNCTION gate.place_hold(p_person uuid, p_incident uuid, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid := gate.uuid_v7();
BEGIN
  INSERT INTO trail.legal_hold (id, incident_id, person_id, reason) VALUES (v_id, p_incident, p_person, p_reason);
  PERFORM trail.write('hold.placed', 'person:' || p_person, p_incident, trail.canonical(jsonb_build_object('hold', v_id, 'reason', p_reason)));
  RETURN v_id;
END $$;

-- Lifts a hold, signed. Lifted already: nothing to do.
CREATE FUNCTION gate.lift_hold(p_person uuid, p_hold uuid, p_statement_sha256 bytea, p_proof bytea, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h trail.legal_hold;
BEGIN
  PERFORM gate.lock_holds();
  SELECT * INTO h FROM trail.legal_hold WHERE id = p_hold;
  IF h.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such hold'); END IF;
  IF EXISTS (SELECT FROM trail.legal_hold_lift WHERE hold_id = p_hold) THEN PERFORM gate.require_proof(p_person, p_statement_sha256, p_proof); RETURN; END IF;
  INSERT INTO trail.legal_hold_lift (hold_id, person_id, reason, statement_sha256, proof) VALUES (p_hold, p_person, p_reason, p_statement_sha256, p_proof);
  PERFORM trail.write('hold.lifted', 'person:' || p_person, h.incident_id, trail.canonical(jsonb_build_object('hold', h.id, 'reason', p_reason,
    'statement', gate.hold_lift_statement(h.id, p_reason), 'statementSha256', encode(p_statement_sha256, 'hex'))));
END $$;

CREATE FUNCTION gate.ask_erasure(p_person uuid, p_incident uuid, p_basis text, p_reason text, p_statement_sha256 bytea, p_proof bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid := gate.uuid_v7();
BEGIN
  INSERT INTO trail.erasure (id, incident_id, person_id, legal_basis, reason, statement, statement_sha256, proof)
    VALUES (v_id, p_incident, p_person, p_basis, p_reason, '', p_statement_sha256, p_proof);
  PERFORM trail.write('erasure.requested', 'person:' || p_person, p_incident, (SELECT trail.canonical(jsonb_build_object('erasure', r.id, 'legalBasis', r.legal_basis,
    'reason', r.reason, 'statement', r.statement, 'statementSha256', encode(r.statement_sha256, 'hex'))) FROM trail.erasure r WHERE r.id = v_id));
  RETURN v_id;
END $$;

-- Approves and erases, in one transaction.
CREATE FUNCTION gate.approve_erasure(p_person uuid, p_erasure uuid, p_statement_sha256 bytea, p_proof bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO trail.erasure_end (erasure_id, outcome, person_id, statement_sha256, proof) VALUES (p_erasure, 'approved', p_person, p_statement_sha256, p_proof)
$$;

-- Withdraws one's own request, or refuses another's; returns which.
CREATE FUNCTION gate.end_erasure(p_person uuid, p_erasure uuid, p_reason text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO trail.erasure_end (erasure_id, outcome, person_id, reason)
    VALUES (p_erasure, CASE WHEN EXISTS (SELECT FROM trail.erasure WHERE id = p_erasure AND person_id = p_person) THEN 'withdrawn' ELSE 'refused' END, p_person, p_reason)
    RETURNING outcome
$$;

-- Retention lets nothing go while a hold stands over everything: a loose record is of no incident that could be named.
CREATE OR REPLACE FUNCTION gate.check_evidence_deletion() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.incident_id IS NULL AND old.received_at < clock_timestamp() - interval '1 day'
    AND current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = tg_relid)
  THEN
    IF gate.is_held(null) THEN PERFORM gate.refuse('G36', 'a legal hold stands'); END IF;
    RETURN old;
  END IF;
  RAISE EXCEPTION 'append-only: % on % refused', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;
CREATE OR REPLACE FUNCTION gate.drop_loose(older_than interval) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int;
BEGIN
  IF older_than IS NULL OR older_than < interval '1 day' THEN
    RAISE EXCEPTION 'retention: records are kept for a day at least' USING ERRCODE = '22023';
  END IF;
  PERFORM gate.lock_holds();
  IF gate.is_held(null) THEN RETURN 0; END IF;
  PERFORM pg_advisory_xact_lock(x'63676e31'::bigint);
  DELETE FROM public.evidence_item WHERE id IN (
    SELECT id FROM public.evidence_item
    WHERE incident_id IS NULL AND received_at < clock_timestamp() - older_than
    ORDER BY received_at LIMIT 5000);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;

GRANT SELECT ON trail.legal_hold TO countersign_web, countersign_auditor;
GRANT SELECT (hold_id, person_id, reason, at) ON trail.legal_hold_lift TO countersign_web, countersign_auditor;
GRANT SELECT (id, incident_id, person_id, legal_basis, reason, statement, statement_sha256, at) ON trail.erasure TO countersign_web, countersign_auditor;
GRANT SELECT (erasure_id, outcome, person_id, reason, statement_sha256, at) ON trail.erasure_end TO countersign_web, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.erasure_state(timestamptz, text), gate.is_held(uuid) TO countersign_web, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.place_hold(uuid, uuid, text), gate.hold_lift_statement(uuid, text), gate.lift_hold(uuid, uuid, bytea, bytea, text),
  gate.erasure_statement(uuid, text, text), gate.erasure_approval_statement(uuid), gate.ask_erasure(uuid, uuid, text, text, bytea, bytea),
  gate.approve_erasure(uuid, uuid, bytea, bytea), gate.end_erasure(uuid, uuid, text) TO countersign_web;

SELECT gate.record_guards();
