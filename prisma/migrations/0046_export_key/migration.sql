-- The key that signs the manifests of bundles is the worker's own; the log vouches for its public half.

-- Puts the key on the trail, once, and tells at which entry. Who verifies a bundle takes it only from an entry of the worker's.
CREATE FUNCTION gate.publish_export_key(p_key text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_key IS NULL OR p_key !~ '^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$' THEN
    RAISE EXCEPTION 'export: this is no verifier key' USING ERRCODE = '22023';
  END IF;
  RETURN trail.write('export.key_published', 'system:worker', null, trail.canonical(jsonb_build_object('key', p_key)));
END $$;
GRANT EXECUTE ON FUNCTION gate.publish_export_key(text) TO countersign_worker;

-- A bundle was written: its scope, how many entries it holds and the digest of the file.
CREATE FUNCTION gate.record_bundle(p_incident uuid, p_asked_by text, p_scope text, p_entries bigint, p_sha256 bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM trail.write('export.completed', 'system:worker', p_incident, trail.canonical(jsonb_build_object('format', 'bundle',
    'askedBy', p_asked_by, 'scope', p_scope, 'entries', p_entries, 'sha256', encode(p_sha256, 'hex'))));
END $$;
GRANT EXECUTE ON FUNCTION gate.record_bundle(uuid, text, text, bigint, bytea) TO countersign_worker;

SELECT gate.record_guards();
