-- What an entry costs no longer grows with the log, and what says nothing of a model is not looked up (docs/decisions/046).

-- The log is empty when the first sessions plan these statements, and a plan that is kept reads all of it for each entry
-- until the table is analysed. Everything here finds its rows by a key.
ALTER FUNCTION trail.write(text, text, uuid, text) SET enable_seqscan = off;
ALTER FUNCTION trail.complete_nodes() SET enable_seqscan = off;

-- As before, row for row: the payload is read once, and what names neither run, model nor prompt ends there.
CREATE OR REPLACE FUNCTION trail.note_model(p_seq bigint, p_kind text, p_actor text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  v jsonb;
  v_run uuid;
BEGIN
  SELECT convert_from(bytes, 'UTF8')::jsonb INTO v FROM trail.payload WHERE seq = p_seq;
  IF v ?| ARRAY['run', 'draft', 'summary', 'claim', 'report'] THEN
    v_run := trail.run_of(v);
  ELSIF p_actor NOT LIKE 'model:%' AND NOT coalesce(v ?| ARRAY['config', 'model', 'prompt', 'name'], false) THEN
    RETURN;
  END IF;
  INSERT INTO trail.entry_model (seq, model, prompt, run_id)
  SELECT p_seq, found.model, found.prompt, found.run_id
  FROM (SELECT) AS given
  LEFT JOIN public.model_run r ON r.id = v_run
  LEFT JOIN public.prompt_version p ON p.id = r.prompt_version_id
  LEFT JOIN public.model_config c ON c.id = trail.uuid_or_null(v ->> 'config')
  CROSS JOIN LATERAL (SELECT r.id AS run_id,
    coalesce(CASE WHEN p_actor LIKE 'model:%' THEN substr(p_actor, 7) END, r.model, v ->> 'model', c.model) AS model,
    coalesce(p.name || '/' || p.version,
      CASE p_kind WHEN 'prompt.published' THEN (v ->> 'name') || '/' || (v ->> 'version') ELSE v ->> 'prompt' END) AS prompt) AS found
  WHERE found.model IS NOT NULL OR found.prompt IS NOT NULL;
END $$;
DROP FUNCTION trail.payload_json(bigint);

SELECT gate.record_guards();
