-- Passkeys: a WebAuthn credential of a person, and sign-offs whose challenge is the digest of the statement. Postgres
-- cannot verify such a signature: the verifier does, a process with a login of its own, and whoever holds the stored
-- assertion can do it again (docs/decisions/020). What the database can tell of an assertion without verifying it, it
-- checks here, so that the verifier's word alone signs nothing for anybody else, over nothing else.

CREATE TABLE public.passkey (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  credential_id bytea NOT NULL,
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL,
  name text NOT NULL,
  transports text[] NOT NULL,
  proof bytea NOT NULL,
  enrolled_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  revoked_at timestamptz(6),
  revoked_by uuid,
  last_used_at timestamptz(6),
  CONSTRAINT passkey_pkey PRIMARY KEY (id),
  CONSTRAINT passkey_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  -- WebAuthn 3, 4: a credential id has 16 to 1023 bytes
  CONSTRAINT passkey_credential CHECK (octet_length(credential_id) BETWEEN 16 AND 1023),
  -- DER of SubjectPublicKeyInfo (RFC 5280): a point on P-256, or RSA of 2048 to 4096 bits
  CONSTRAINT passkey_public_key CHECK (octet_length(public_key) = 91 OR octet_length(public_key) BETWEEN 294 AND 550),
  CONSTRAINT passkey_sign_count CHECK (sign_count BETWEEN 0 AND 4294967295),
  CONSTRAINT passkey_name CHECK (length(name) BETWEEN 1 AND 60 AND name = btrim(name) AND name !~ '[[:cntrl:]]'),
  CONSTRAINT passkey_transports CHECK (transports <@ '{ble,cable,hybrid,internal,nfc,smart-card,usb}' AND cardinality(transports) <= 7),
  CONSTRAINT passkey_revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX passkey_credential_id_key ON public.passkey (credential_id);
-- One key is one passkey, whatever id it is given: a copy under another id would be a second signer's.
CREATE UNIQUE INDEX passkey_public_key_key ON public.passkey (sha256(public_key));
CREATE INDEX passkey_person_id_idx ON public.passkey (person_id);
CREATE INDEX passkey_enrolled_at_id_idx ON public.passkey (enrolled_at DESC, id DESC);

ALTER TABLE public.sign_off
  ALTER COLUMN proof DROP NOT NULL,
  ADD COLUMN passkey_id uuid,
  ADD COLUMN authenticator_data bytea,
  ADD COLUMN client_data_json bytea,
  ADD COLUMN signature bytea,
  ADD CONSTRAINT sign_off_passkey_id_fkey FOREIGN KEY (passkey_id) REFERENCES public.passkey (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  -- An assertion over a statement approves it: there is none that rejects, so that no rejection can be passed off as one.
  ADD CONSTRAINT sign_off_assured CHECK (CASE assurance
    WHEN 'passkey' THEN outcome = 'approved' AND proof IS NULL AND num_nonnulls(passkey_id, authenticator_data, client_data_json, signature) = 4
    ELSE proof IS NOT NULL AND num_nonnulls(passkey_id, authenticator_data, client_data_json, signature) = 0 END),
  ADD CONSTRAINT sign_off_assertion_size CHECK (octet_length(authenticator_data) BETWEEN 37 AND 4096
    AND octet_length(client_data_json) <= 8192 AND octet_length(signature) BETWEEN 8 AND 1024);

-- The address that passkeys of this installation are for: the last row is in force. The owner's alone, set at the start.
CREATE TABLE gate.relying_party (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rp_id text NOT NULL CONSTRAINT relying_party_id CHECK (rp_id = lower(rp_id) AND length(rp_id) BETWEEN 1 AND 253),
  origin text NOT NULL CONSTRAINT relying_party_origin CHECK (origin ~ '^https?://[^/]+$'),
  at timestamptz(6) NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION gate.set_relying_party(p_rp_id text, p_origin text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO gate.relying_party (rp_id, origin)
  SELECT p_rp_id, p_origin
  WHERE NOT EXISTS (SELECT FROM (SELECT * FROM gate.relying_party ORDER BY number DESC LIMIT 1) AS last
    WHERE (last.rp_id, last.origin) = (p_rp_id, p_origin))
$$;

-- Enrolment. What is proved by the password: canonical JSON of who, which credential, which key, under which name.
CREATE FUNCTION gate.passkey_statement(p_person uuid, p_credential bytea, p_public_key bytea, p_name text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'enrol_passkey', 'credential', encode(p_credential, 'hex'), 'name', p_name,
    'person', p_person, 'publicKey', encode(p_public_key, 'hex'), 'v', 1))
$$;

CREATE FUNCTION gate.check_passkey() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m public.person;
  v_key bytea;
BEGIN
  IF tg_op = 'UPDATE' THEN
    IF (to_jsonb(new) - '{sign_count,last_used_at,revoked_at,revoked_by}'::text[]) IS DISTINCT FROM (to_jsonb(old) - '{sign_count,last_used_at,revoked_at,revoked_by}'::text[])
      OR new.sign_count < old.sign_count OR old.revoked_at IS NOT NULL
    THEN
      PERFORM gate.refuse('G10', 'a passkey is fixed once it is enrolled');
    END IF;
    RETURN new;
  END IF;
  new.enrolled_at := clock_timestamp();
  new.revoked_at := null;
  new.revoked_by := null;
  new.last_used_at := null;
  SELECT * INTO m FROM public.person WHERE id = new.person_id FOR SHARE;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF gate.rank(m.role) < 1 THEN PERFORM gate.refuse('G3', 'the role may not enrol a passkey: it signs nothing'); END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = m.id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key
    || sha256(convert_to(gate.passkey_statement(new.person_id, new.credential_id, new.public_key, new.name), 'UTF8')))
  THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_passkey BEFORE INSERT OR UPDATE ON public.passkey FOR EACH ROW EXECUTE FUNCTION gate.check_passkey();
ALTER TABLE public.passkey ENABLE ALWAYS TRIGGER check_passkey;

CREATE TRIGGER no_deletion BEFORE DELETE ON public.passkey FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.passkey FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON gate.relying_party FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON gate.relying_party FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.passkey ENABLE ALWAYS TRIGGER no_deletion;
ALTER TABLE public.passkey ENABLE ALWAYS TRIGGER no_truncate;
ALTER TABLE gate.relying_party ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE gate.relying_party ENABLE ALWAYS TRIGGER no_truncate;

-- Enrols a passkey for the person whose password made the proof. Returns its id; the outbox row is for whoever leads.
CREATE FUNCTION gate.enrol_passkey(p_person uuid, p_credential bytea, p_public_key bytea, p_sign_count bigint, p_name text, p_transports text[], p_proof bytea)
RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid := gate.uuid_v7();
BEGIN
  INSERT INTO public.passkey (id, person_id, credential_id, public_key, sign_count, name, transports, proof)
    VALUES (v_id, p_person, p_credential, p_public_key, p_sign_count, p_name, p_transports, p_proof);
  INSERT INTO public.outbox (kind) VALUES ('passkey.changed');
  PERFORM trail.write('passkey.enrolled', 'person:' || p_person, null, trail.canonical(jsonb_build_object('passkey', v_id, 'name', p_name,
    'credential', encode(p_credential, 'hex'), 'publicKey', encode(p_public_key, 'hex'),
    'statementSha256', encode(sha256(convert_to(gate.passkey_statement(p_person, p_credential, p_public_key, p_name), 'UTF8')), 'hex'))));
  RETURN v_id;
END $$;

-- What is proved by the password of whoever ends a passkey: canonical JSON of who, and which.
CREATE FUNCTION gate.revocation_statement(p_passkey uuid, p_person uuid) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'revoke_passkey', 'passkey', p_passkey, 'person', p_person, 'v', 1))
$$;

-- Ends a passkey for good: its person, or an admin, whose password made the proof. A second call changes nothing.
CREATE FUNCTION gate.revoke_passkey(p_passkey uuid, p_person uuid, p_proof bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  k public.passkey;
  m public.person;
  v_key bytea;
BEGIN
  SELECT * INTO k FROM public.passkey WHERE id = p_passkey FOR UPDATE;
  SELECT * INTO m FROM public.person WHERE id = p_person FOR SHARE;
  IF k.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such passkey'); END IF;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF k.person_id <> m.id AND m.role <> 'admin' THEN PERFORM gate.refuse('G3', 'the role may not revoke another person''s passkey'); END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = m.id;
  IF v_key IS NULL OR p_proof IS DISTINCT FROM sha256(v_key
    || sha256(convert_to(gate.revocation_statement(k.id, m.id), 'UTF8')))
  THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
  IF k.revoked_at IS NOT NULL THEN RETURN; END IF;
  UPDATE public.passkey SET revoked_at = clock_timestamp(), revoked_by = m.id WHERE id = k.id;
  INSERT INTO public.outbox (kind) VALUES ('passkey.changed');
  PERFORM trail.write('passkey.revoked', 'person:' || m.id, null, trail.canonical(jsonb_build_object('passkey', k.id, 'name', k.name,
    'credential', encode(k.credential_id, 'hex'), 'of', 'person:' || k.person_id)));
END $$;

-- Signing.

CREATE FUNCTION gate.base64url(p_bytes bytea) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT translate(encode(p_bytes, 'base64'), E'+/=\n', '-_')
$$;

-- Collected client data (WebAuthn 3, 5.8.1) as an object; null when the bytes are none.
CREATE FUNCTION gate.client_data(p_bytes bytea) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v jsonb;
BEGIN
  v := convert_from(p_bytes, 'UTF8')::jsonb;
  RETURN CASE jsonb_typeof(v) WHEN 'object' THEN v END;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN null;
END $$;

-- Everything about an assertion but its signature (WebAuthn 3, 7.2), and that it came from the login that verified that.
CREATE FUNCTION gate.check_assertion(s public.sign_off, d public.decision) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  k public.passkey;
  r gate.relying_party;
  c jsonb := gate.client_data(s.client_data_json);
  v_count bigint;
BEGIN
  IF session_user <> 'countersign_verifier' THEN PERFORM gate.refuse('G6', 'passkey: only the verifier brings a signature by passkey'); END IF;
  SELECT * INTO k FROM public.passkey WHERE id = s.passkey_id FOR UPDATE;
  SELECT * INTO r FROM gate.relying_party ORDER BY number DESC LIMIT 1;
  IF k.id IS NULL THEN PERFORM gate.refuse('G6', 'passkey: it is not enrolled'); END IF;
  IF k.person_id <> s.person_id THEN PERFORM gate.refuse('G6', 'passkey: it is another person''s'); END IF;
  IF k.revoked_at IS NOT NULL THEN PERFORM gate.refuse('G6', 'passkey: it is revoked'); END IF;
  IF (c ->> 'type') IS DISTINCT FROM 'webauthn.get' THEN PERFORM gate.refuse('G6', 'passkey: this is no assertion'); END IF;
  IF (c ->> 'challenge') IS DISTINCT FROM gate.base64url(d.statement_sha256) THEN
    PERFORM gate.refuse('G6', 'passkey: another statement was signed');
  END IF;
  IF (c ->> 'origin') IS DISTINCT FROM r.origin OR coalesce(c ->> 'crossOrigin', 'false') <> 'false' OR c ? 'topOrigin' THEN
    PERFORM gate.refuse('G6', 'passkey: it was used at another address');
  END IF;
  IF octet_length(s.authenticator_data) < 37 OR substring(s.authenticator_data FROM 1 FOR 32) IS DISTINCT FROM sha256(convert_to(r.rp_id, 'UTF8')) THEN
    PERFORM gate.refuse('G6', 'passkey: it is for another address');
  END IF;
  -- bit 0: the person was present; bit 2: the authenticator verified who it was
  IF get_byte(s.authenticator_data, 32) & 5 <> 5 THEN PERFORM gate.refuse('G6', 'passkey: it did not verify the person'); END IF;
  v_count := ('x' || encode(substring(s.authenticator_data FROM 34 FOR 4), 'hex'))::bit(32)::bigint;
  IF v_count <= k.sign_count AND (v_count, k.sign_count) <> (0, 0) THEN
    PERFORM gate.refuse('G6', 'passkey: its counter did not go on; it may have been copied');
  END IF;
  UPDATE public.passkey SET sign_count = greatest(sign_count, v_count), last_used_at = s.at WHERE id = k.id;
END $$;

-- As before; and which assertion it was. Its parts stand in the row, their digests here, so that the trail holds them fast.
CREATE OR REPLACE FUNCTION gate.record_sign_off(d public.decision, p_sign_off uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s public.sign_off;
  v_assertion jsonb := '{}';
BEGIN
  SELECT * INTO STRICT s FROM public.sign_off WHERE id = p_sign_off;
  IF s.assurance = 'passkey' THEN
    v_assertion := jsonb_build_object('passkey', s.passkey_id,
      'credential', (SELECT encode(credential_id, 'hex') FROM public.passkey WHERE id = s.passkey_id),
      'authenticatorDataSha256', encode(sha256(s.authenticator_data), 'hex'),
      'clientDataSha256', encode(sha256(s.client_data_json), 'hex'), 'signatureSha256', encode(sha256(s.signature), 'hex'));
  END IF;
  PERFORM trail.write(CASE s.outcome WHEN 'approved' THEN 'decision.signed' ELSE 'decision.rejected' END,
    'person:' || s.person_id, d.incident_id,
    gate.decision_payload(d, v_assertion || jsonb_build_object('signOff', s.id, 'outcome', s.outcome, 'role', s.role, 'assurance', s.assurance,
      'reason', coalesce(s.reason, d.content ->> 'reason'))));
END $$;

-- Signs with an assertion that the verifier found good. Answers as gate.sign_decision does; refusals carry their guard.
CREATE FUNCTION gate.sign_with_passkey(p_decision uuid, p_person uuid, p_credential bytea, p_authenticator_data bytea, p_client_data_json bytea,
  p_signature bytea, p_reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  p public.policy_rule;
  v_state text := gate.settle_if_void(p_decision);
  v_passkey uuid := (SELECT id FROM public.passkey WHERE credential_id = p_credential);
  v_id uuid := gate.uuid_v7();
  v_count int;
BEGIN
  IF v_state IS NULL THEN PERFORM gate.refuse('G1', 'there is no such decision'); END IF;
  IF EXISTS (SELECT FROM public.sign_off WHERE decision_id = p_decision AND person_id = p_person) THEN
    RETURN jsonb_build_object('state', v_state, 'code', 'already_signed');
  END IF;
  IF v_state IN ('expired', 'stale') THEN RETURN jsonb_build_object('state', v_state); END IF;
  SELECT * INTO STRICT d FROM public.decision WHERE id = p_decision;
  INSERT INTO public.sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, passkey_id, authenticator_data,
      client_data_json, signature, reason, at)
    VALUES (v_id, d.id, p_person, '', 'approved', d.statement_sha256, 'passkey', v_passkey, p_authenticator_data, p_client_data_json,
      p_signature, p_reason, clock_timestamp());
  PERFORM gate.record_sign_off(d, v_id);
  p := gate.rule_of(d);
  v_count := gate.count_sign_offs(d, p);
  IF v_count >= p.sign_offs THEN PERFORM gate.take_effect(d.id); END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  RETURN jsonb_build_object('state', CASE WHEN v_count >= p.sign_offs THEN 'in_effect' ELSE 'proposed' END,
    'signOffs', v_count, 'needed', p.sign_offs);
END $$;

-- The verifier reads what it verifies against, and signs. Nothing else.
GRANT USAGE ON SCHEMA gate TO countersign_verifier;
GRANT SELECT (id, person_id, credential_id, public_key, sign_count, revoked_at) ON public.passkey TO countersign_verifier;
GRANT SELECT (id, statement_sha256) ON public.decision TO countersign_verifier;
GRANT EXECUTE ON FUNCTION gate.sign_with_passkey(uuid, uuid, bytea, bytea, bytea, bytea, text) TO countersign_verifier;

GRANT SELECT (id, person_id, credential_id, public_key, sign_count, name, transports, enrolled_at, revoked_at, revoked_by, last_used_at)
  ON public.passkey TO countersign_web, countersign_auditor;
GRANT EXECUTE ON FUNCTION gate.enrol_passkey(uuid, bytea, bytea, bigint, text, text[], bytea), gate.revoke_passkey(uuid, uuid, bytea) TO countersign_web;

SELECT gate.record_guards();
