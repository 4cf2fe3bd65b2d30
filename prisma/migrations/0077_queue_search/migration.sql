-- The queue by anything that stands on a row, and by what its evidence says.

-- What a row may be filtered by, as one list, so that one index answers any combination.
CREATE FUNCTION public.incident_facets(p_severity text, p_status text, p_verdict text, p_sources text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY['severity:' || p_severity, 'status:' || p_status, 'verdict:' || coalesce(p_verdict, 'none')] || ARRAY(SELECT 'source:' || s FROM unnest(p_sources) AS s)
$$;
-- Whoever writes an incident computes its place in the index.
GRANT EXECUTE ON FUNCTION public.incident_facets(text, text, text, text[]) TO countersign_web, countersign_worker, countersign_auditor;
CREATE INDEX incident_facets_idx ON public.incident USING gin (public.incident_facets(severity, status, verdict, source_names))
  WHERE merged_into_id IS NULL;

-- Values by how they begin, whatever the collation, and names by any part of them. Hashes and registry keys are looked
-- up by their beginning: an index of their parts would be larger than they are.
CREATE INDEX incident_observable_prefix_idx ON public.incident_observable (value text_pattern_ops);
CREATE INDEX incident_observable_part_idx ON public.incident_observable USING gin (value gin_trgm_ops)
  WHERE type IN ('host', 'user', 'domain', 'email', 'file', 'url');

-- What alerts say of themselves: their rule, technique, and every field of their normal form.
CREATE INDEX evidence_item_alert_idx ON public.evidence_item (incident_id) WHERE kind = 'alert';
CREATE INDEX evidence_item_alert_fields_idx ON public.evidence_item USING gin (fields jsonb_path_ops)
  WHERE kind = 'alert' AND incident_id IS NOT NULL;

SELECT gate.record_guards();
