-- A second review is signed like a decision: over a statement of its own, by password or by passkey, as the policy asks for
-- decisions of that situation (docs/decisions/049). What was given before stays as it is, unsigned.

ALTER TABLE public.second_review
  ADD COLUMN role text,
  ADD COLUMN statement text,
  ADD COLUMN assurance text,
  ADD COLUMN proof bytea,
  ADD COLUMN passkey_id uuid,
  ADD COLUMN authenticator_data bytea,
  ADD COLUMN client_data_json bytea,
  ADD COLUMN signature bytea,
  ADD CONSTRAINT second_review_passkey_id_fkey FOREIGN KEY (passkey_id) REFERENCES public.passkey (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT second_review_signed CHECK (CASE assurance
    WHEN 'passkey' THEN at IS NOT NULL AND proof IS NULL AND num_nonnulls(role, statement, passkey_id, authenticator_data, client_data_json, signature) = 6
    WHEN 'password' THEN at IS NOT NULL AND num_nonnulls(role, statement, proof) = 3 AND num_nonnulls(passkey_id, authenticator_data, client_data_json, signature) = 0
    ELSE num_nonnulls(assurance, role, statement, proof, passkey_id, authenticator_data, client_data_json, signature) = 0 END),
  ADD CONSTRAINT second_review_assertion_size CHECK (octet_length(authenticator_data) BETWEEN 37 AND 4096
    AND octet_length(client_data_json) <= 8192 AND octet_length(signature) BETWEEN 8 AND 1024);

-- What is signed: canonical JSON (RFC 8785) of whose word it is, on which decision over which statement, and the word.
CREATE FUNCTION gate.second_review_statement(p_decision uuid, p_person uuid, p_outcome text, p_words text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT trail.canonical(jsonb_build_object('act', 'give_second_review', 'decision', d.id, 'decisionStatementSha256', encode(d.statement_sha256, 'hex'),
    'outcome', p_outcome, 'person', p_person, 'words', p_words, 'v', 1))
  FROM public.decision d WHERE d.id = p_decision
$$;

-- By what a second review may be signed: what the policy asks of such a decision where nobody decides alone.
CREATE FUNCTION gate.second_review_assurance(p_decision uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE d public.decision;
BEGIN
  SELECT * INTO d FROM public.decision WHERE id = p_decision;
  d.break_glass := false;
  RETURN (gate.rule_of(d)).assurance;
END $$;

-- After gate.check_second_review, which knows who may review and when.
CREATE FUNCTION gate.check_second_review_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d public.decision;
  s public.sign_off;
  v_key bytea;
BEGIN
  IF new.assurance IS NULL THEN PERFORM gate.refuse('G13', 'a second review is signed'); END IF;
  IF new.statement IS DISTINCT FROM gate.second_review_statement(new.decision_id, new.reviewer_id, new.outcome, new.words) THEN
    PERFORM gate.refuse('G5', 'the statement does not say what the second review says');
  END IF;
  new.role := (SELECT role FROM public.person WHERE id = new.reviewer_id);
  d.statement_sha256 := sha256(convert_to(new.statement, 'UTF8'));
  IF new.assurance = 'passkey' THEN
    s.person_id := new.reviewer_id;
    s.passkey_id := new.passkey_id;
    s.authenticator_data := new.authenticator_data;
    s.client_data_json := new.client_data_json;
    s.at := new.at;
    PERFORM gate.check_assertion(s, d);
    RETURN new;
  END IF;
  IF gate.second_review_assurance(new.decision_id) = 'passkey' THEN PERFORM gate.refuse('G6', 'the policy asks for a passkey'); END IF;
  SELECT key INTO v_key FROM gate.sign_key WHERE person_id = new.reviewer_id;
  IF v_key IS NULL OR new.proof IS DISTINCT FROM sha256(v_key || d.statement_sha256) THEN
    PERFORM gate.refuse('G6', 'password proof does not match');
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER check_second_review_signature BEFORE UPDATE ON public.second_review FOR EACH ROW EXECUTE FUNCTION gate.check_second_review_signature();
ALTER TABLE public.second_review ENABLE ALWAYS TRIGGER check_second_review_signature;

-- As before; and by what it was signed. Statement and assertion stand in the row, their digests here.
CREATE OR REPLACE FUNCTION gate.record_second_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE d public.decision;
BEGIN
  SELECT * INTO STRICT d FROM public.decision WHERE id = new.decision_id;
  IF tg_op = 'INSERT' THEN
    PERFORM trail.write('decision.second_review_due', 'system:gate', new.incident_id, gate.decision_payload(d,
      jsonb_build_object('dueAt', to_char(new.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))));
  ELSE
    PERFORM trail.write('decision.second_reviewed', 'person:' || new.reviewer_id, new.incident_id, gate.decision_payload(d,
      jsonb_build_object('outcome', new.outcome, 'words', new.words, 'role', new.role, 'assurance', new.assurance,
        'reviewSha256', encode(sha256(convert_to(new.statement, 'UTF8')), 'hex'))
      || CASE new.assurance WHEN 'passkey' THEN jsonb_build_object('passkey', new.passkey_id,
        'credential', (SELECT encode(credential_id, 'hex') FROM public.passkey WHERE id = new.passkey_id),
        'authenticatorDataSha256', encode(sha256(new.authenticator_data), 'hex'),
        'clientDataSha256', encode(sha256(new.client_data_json), 'hex'), 'signatureSha256', encode(sha256(new.signature), 'hex')) ELSE '{}' END));
    INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', new.incident_id);
  END IF;
  RETURN null;
END $$;

DROP FUNCTION gate.give_second_review(uuid, uuid, text, text);

-- A lead's word on what another lead decided alone, by password. It changes nothing else.
CREATE FUNCTION gate.give_second_review(p_decision uuid, p_person uuid, p_outcome text, p_words text, p_statement_sha256 bytea, p_proof bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_statement text := gate.second_review_statement(p_decision, p_person, p_outcome, p_words);
BEGIN
  IF p_statement_sha256 IS DISTINCT FROM sha256(convert_to(v_statement, 'UTF8')) THEN PERFORM gate.refuse('G5', 'another statement was signed'); END IF;
  UPDATE public.second_review SET reviewer_id = p_person, outcome = p_outcome, words = p_words, at = clock_timestamp(), role = '',
    statement = v_statement, assurance = 'password', proof = p_proof WHERE decision_id = p_decision;
  IF NOT FOUND THEN PERFORM gate.refuse('G10', 'no second review is due for this decision'); END IF;
END $$;

-- The same with an assertion that the verifier found good.
CREATE FUNCTION gate.give_second_review_with_passkey(p_decision uuid, p_person uuid, p_outcome text, p_words text, p_credential bytea,
  p_authenticator_data bytea, p_client_data_json bytea, p_signature bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.second_review SET reviewer_id = p_person, outcome = p_outcome, words = p_words, at = clock_timestamp(), role = '',
    statement = gate.second_review_statement(p_decision, p_person, p_outcome, p_words), assurance = 'passkey',
    passkey_id = (SELECT id FROM public.passkey WHERE credential_id = p_credential), authenticator_data = p_authenticator_data,
    client_data_json = p_client_data_json, signature = p_signature WHERE decision_id = p_decision;
  IF NOT FOUND THEN PERFORM gate.refuse('G10', 'no second review is due for this decision'); END IF;
END $$;

GRANT EXECUTE ON FUNCTION gate.second_review_statement(uuid, uuid, text, text) TO countersign_web, countersign_verifier;
GRANT EXECUTE ON FUNCTION gate.second_review_assurance(uuid) TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.give_second_review(uuid, uuid, text, text, bytea, bytea) TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.give_second_review_with_passkey(uuid, uuid, text, text, bytea, bytea, bytea, bytea) TO countersign_verifier;

SELECT gate.record_guards();
