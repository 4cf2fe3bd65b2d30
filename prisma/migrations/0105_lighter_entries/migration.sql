-- What is done while the head of the log is held is what keeps everybody else waiting: less of it (docs/decisions/070).

-- Whether the payload names a run, a model or a prompt, found before the head is taken. What names none is not opened again
-- at the commit. True of what was written before: it was looked at.
ALTER TABLE trail.entry ADD COLUMN names_model boolean NOT NULL DEFAULT true;
DROP TRIGGER note_entry_model ON trail.entry;
CREATE CONSTRAINT TRIGGER note_entry_model AFTER INSERT ON trail.entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (new.names_model AND trail.is_of_models(new.kind, new.actor)) EXECUTE FUNCTION trail.note_entry_model();
ALTER TABLE trail.entry ENABLE ALWAYS TRIGGER note_entry_model;

-- As before: the head only ever steps forward by one. A step that is right calls nothing.
DROP TRIGGER step ON trail.head;
DROP FUNCTION trail.step();
CREATE TRIGGER step BEFORE UPDATE ON trail.head FOR EACH ROW
  WHEN ((new.size = old.size + 1 AND new.last_at >= old.last_at) IS NOT TRUE) EXECUTE FUNCTION trail.deny();
CREATE TRIGGER append_only BEFORE DELETE ON trail.head FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.head ENABLE ALWAYS TRIGGER step;
ALTER TABLE trail.head ENABLE ALWAYS TRIGGER append_only;

-- As before. A log that was never frozen is not asked whether it still is.
CREATE OR REPLACE FUNCTION trail.refuse_frozen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.kind <> 'log.continued' AND EXISTS (SELECT FROM trail.log_freeze) AND trail.frozen_at() IS NOT NULL THEN
    RAISE EXCEPTION 'trail: the log is frozen, nothing is written' USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;

-- As before, line for line; and it says whether the payload names a model.
CREATE OR REPLACE FUNCTION trail.write(p_kind text, p_actor text, p_incident uuid, p_payload text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
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
  v_names_model boolean := trail.is_of_models(p_kind, p_actor);
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
  IF v_names_model AND p_actor NOT LIKE 'model:%' THEN
    v_names_model := p_payload::jsonb ?| ARRAY['run', 'draft', 'summary', 'claim', 'report', 'config', 'model', 'prompt', 'name'];
  ELSE
    PERFORM p_payload::json;
  END IF;
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
  INSERT INTO trail.entry (seq, at, kind, actor, role, incident_id, line, leaf, names_model)
    VALUES (v_seq, v_at, p_kind, p_actor, session_user, p_incident, v_line, v_leaf, v_names_model);
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
SELECT gate.record_guards();
