-- Search of the trail: an index for each filter, and which model and which prompt an entry is about (docs/decisions/036).

CREATE INDEX entry_at ON trail.entry (at, seq);
CREATE INDEX entry_role ON trail.entry (role, seq);
CREATE INDEX entry_actor_kind ON trail.entry (actor, kind, seq);

-- The payload of an entry for what is made of it in the database; null when it was erased.
CREATE FUNCTION trail.payload_json(p_seq bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT convert_from(bytes, 'UTF8')::jsonb FROM trail.payload WHERE seq = p_seq
$$;

-- An index over what payloads say, not a record: each row can be made again from its entry, and nothing is decided by it.
CREATE TABLE trail.entry_model (
  seq bigint PRIMARY KEY REFERENCES trail.entry (seq),
  model text,
  prompt text, -- name/version
  run_id uuid
);
CREATE INDEX entry_model_model ON trail.entry_model (model, seq);
CREATE INDEX entry_model_prompt ON trail.entry_model (prompt, seq);

-- A uuid, or null for whatever else a payload may hold: no entry may fail because it cannot be found by its model.
CREATE FUNCTION trail.uuid_or_null(p text) RETURNS uuid
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN p::uuid END
$$;

-- Which run an entry is about: it names the run, its draft, its summary, one of its claims, or a report of one.
CREATE FUNCTION trail.run_of(v jsonb) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(trail.uuid_or_null(v ->> 'run'), trail.uuid_or_null(v ->> 'draft'),
    (SELECT s.model_run_id FROM public.summary s WHERE s.id = coalesce(trail.uuid_or_null(v ->> 'summary'),
      (SELECT c.summary_id FROM public.claim c WHERE c.id = coalesce(trail.uuid_or_null(v ->> 'claim'),
        (SELECT r.claim_id FROM public.model_report r WHERE r.id = trail.uuid_or_null(v ->> 'report')))))),
    (SELECT r.run_id FROM public.model_report r WHERE r.id = trail.uuid_or_null(v ->> 'report')))
$$;

CREATE FUNCTION trail.note_model(p_seq bigint, p_kind text, p_actor text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO trail.entry_model (seq, model, prompt, run_id)
  SELECT p_seq, found.model, found.prompt, found.run_id
  FROM (SELECT trail.payload_json(p_seq) AS v) AS given
  LEFT JOIN public.model_run r ON r.id = trail.run_of(given.v)
  LEFT JOIN public.prompt_version p ON p.id = r.prompt_version_id
  LEFT JOIN public.model_config c ON c.id = trail.uuid_or_null(given.v ->> 'config')
  CROSS JOIN LATERAL (SELECT r.id AS run_id,
    coalesce(CASE WHEN p_actor LIKE 'model:%' THEN substr(p_actor, 7) END, r.model, given.v ->> 'model', c.model) AS model,
    coalesce(p.name || '/' || p.version,
      CASE p_kind WHEN 'prompt.published' THEN (given.v ->> 'name') || '/' || (given.v ->> 'version') ELSE given.v ->> 'prompt' END) AS prompt) AS found
  WHERE found.model IS NOT NULL OR found.prompt IS NOT NULL
$$;

-- At the end of the transaction, when the payload stands beside the line.
CREATE FUNCTION trail.note_entry_model() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM trail.note_model(new.seq, new.kind, new.actor);
  RETURN null;
END $$;

CREATE FUNCTION trail.is_of_models(p_kind text, p_actor text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_actor LIKE 'model:%'
    OR split_part(p_kind, '.', 1) IN ('model_run', 'run', 'question', 'draft', 'summary', 'claim', 'report', 'note', 'prompt', 'model_config', 'evaluation', 'model')
$$;

CREATE CONSTRAINT TRIGGER note_entry_model AFTER INSERT ON trail.entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (trail.is_of_models(new.kind, new.actor)) EXECUTE FUNCTION trail.note_entry_model();
ALTER TABLE trail.entry ENABLE ALWAYS TRIGGER note_entry_model;

SELECT trail.note_model(seq, kind, actor) FROM trail.entry WHERE trail.is_of_models(kind, actor);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail.entry_model FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.entry_model ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON trail.entry_model FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE trail.entry_model ENABLE ALWAYS TRIGGER append_only_whole;

GRANT EXECUTE ON FUNCTION trail.is_of_models(text, text) TO PUBLIC;
GRANT SELECT ON trail.entry_model TO countersign_web, countersign_worker, countersign_auditor;

SELECT gate.record_guards();
