-- The second half of 0065: what a signature tells the trail, and when it asks whether its own proposal stands there.

-- As before, text for text: the members of RFC 8785 in their order, with nothing sorted that is known beforehand.
-- Kinds, states and ids are plain words by their checks and types.
CREATE OR REPLACE FUNCTION gate.sign_off_payload(d public.decision, s public.sign_off) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_authenticator text := '';
  v_client text := '';
  v_passkey text := '';
  v_signature text := '';
BEGIN
  IF s.assurance = 'passkey' THEN
    v_authenticator := ',"authenticatorDataSha256":"' || encode(sha256(s.authenticator_data), 'hex') || '"';
    v_client := ',"clientDataSha256":"' || encode(sha256(s.client_data_json), 'hex')
      || '","credential":"' || (SELECT encode(credential_id, 'hex') FROM public.passkey WHERE id = s.passkey_id) || '"';
    v_passkey := ',"passkey":"' || s.passkey_id || '"';
    v_signature := ',"signatureSha256":"' || encode(sha256(s.signature), 'hex') || '"';
  END IF;
  RETURN '{"assurance":"' || s.assurance || '"' || v_authenticator || CASE WHEN d.break_glass THEN ',"breakGlass":true' ELSE '' END || v_client
    || ',"decision":"' || d.id || '","kind":"' || d.kind || '","outcome":"' || s.outcome || '"' || v_passkey
    || ',"reason":' || coalesce(to_json(coalesce(s.reason, d.content ->> 'reason'))::text, 'null')
    || ',"role":"' || s.role || '","signOff":"' || s.id || '"' || v_signature
    || ',"statementSha256":"' || encode(d.statement_sha256, 'hex') || '"}';
END $$;

-- As before, text for text; what is the same for every incident is made once.
CREATE OR REPLACE FUNCTION gate.effect_payloads(d public.decision) RETURNS TABLE (incident_id uuid, payload text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.transition;
  v_before text := '{' || CASE WHEN d.break_glass THEN '"breakGlass":true,' ELSE '' END
    || '"content":' || trail.canonical(d.content - 'incidents') || ',"decision":"' || d.id || '","fromStatus":"';
  v_between text := ',"kind":"' || d.kind || '","policyVersion":' || d.policy_version;
  v_after text := '}';
BEGIN
  IF d.severities IS NOT NULL THEN
    v_between := v_between || ',"proposedUnder":"' || d.incident_id || '"';
    v_after := ',"together":' || (SELECT count(*) FROM public.transition o WHERE o.decision_id = d.id) || '}';
  END IF;
  v_between := v_between || ',"reason":' || coalesce(to_json(d.content ->> 'reason')::text, 'null') || ',"signOffs":'
    || coalesce((SELECT '["' || string_agg(s.id::text, '","' ORDER BY s.at, s.id) || '"]' FROM public.sign_off s WHERE s.decision_id = d.id), 'null')
    || ',"statementSha256":"' || encode(d.statement_sha256, 'hex') || '","toStatus":"';
  FOR t IN SELECT * FROM public.transition o WHERE o.decision_id = d.id ORDER BY o.incident_id LOOP
    incident_id := t.incident_id;
    payload := v_before || t.from_status || '","fromVersion":' || t.from_version || v_between || t.to_status || '"' || v_after;
    RETURN NEXT;
  END LOOP;
END $$;

-- As before; what is left to the commit is asked for early only of a proposal that is of this very transaction.
CREATE OR REPLACE FUNCTION gate.conclude_sign_off(d public.decision, s public.sign_off) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p public.policy_rule;
  v_count int;
  v_in_effect boolean := false;
  v_incidents uuid[];
  v_effects text[];
  v_signed text;
BEGIN
  -- A proposal of this very transaction goes on record before its signature; a second for a clock that is put back.
  IF d.proposed_at > now() - interval '1 second' THEN
    SET CONSTRAINTS public.record_proposal IMMEDIATE;
    SET CONSTRAINTS public.record_proposal DEFERRED;
  END IF;
  IF s.outcome = 'rejected' THEN
    UPDATE public.decision SET state = 'rejected' WHERE id = d.id;
  ELSE
    p := gate.rule_of(d);
    v_count := gate.count_sign_offs(d, p);
    v_in_effect := coalesce(v_count >= p.sign_offs, false);
    IF v_in_effect THEN
      PERFORM gate.take_effect(d.id);
      SELECT array_agg(e.incident_id), array_agg(e.payload) INTO v_incidents, v_effects FROM gate.effect_payloads(d) AS e;
    END IF;
  END IF;
  INSERT INTO public.outbox (kind, incident_id) VALUES ('decision.changed', d.incident_id);
  v_signed := gate.sign_off_payload(d, s);
  PERFORM trail.write(CASE s.outcome WHEN 'approved' THEN 'decision.signed' ELSE 'decision.rejected' END,
    'person:' || s.person_id, d.incident_id, v_signed);
  FOR n IN 1 .. coalesce(cardinality(v_incidents), 0) LOOP
    PERFORM trail.write('decision.took_effect', 'system:gate', v_incidents[n], v_effects[n]);
  END LOOP;
  IF d.break_glass AND v_in_effect THEN INSERT INTO public.second_review (decision_id) VALUES (d.id); END IF;
  IF s.outcome = 'rejected' THEN RETURN jsonb_build_object('state', 'rejected'); END IF;
  RETURN jsonb_build_object('state', CASE WHEN v_in_effect THEN 'in_effect' ELSE 'proposed' END, 'signOffs', v_count, 'needed', p.sign_offs);
END $$;

SELECT gate.record_guards();
