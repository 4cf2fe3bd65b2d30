-- The thread of an incident is read as a whole: which record stands where, and which say the same again
-- (docs/decisions/058). What makes two records the same is computed by the database from what is stored, so that no
-- login can give a record the shape of another.

-- Two events have one shape when one source says the same of both, but for when, the counters that every event has
-- anew (ports, process and logon ids, bytes), and digits in the free text. Null for what never folds: what brings a
-- finding, and what holds text that reads like an instruction. 128 bits, so that nobody can make two that meet.
CREATE FUNCTION public.record_shape(p_kind text, p_source uuid, p_title text, p_fields jsonb, p_instruction_like smallint) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_kind = 'event' AND p_instruction_like = 0 THEN
    encode(substring(sha256(convert_to(
      jsonb_build_array(p_source, p_title,
        p_fields - ARRAY['event.end', 'event.created', 'logon.id', 'source.port', 'network.bytes_out', 'network.bytes_in',
                         'process.pid', 'process.guid', 'parent.pid', 'parent.guid', 'message'],
        translate(p_fields->>'message', '0123456789', ''))::text, 'UTF8')) FOR 16), 'hex')::uuid
  END
$$;
GRANT EXECUTE ON FUNCTION public.record_shape(text, uuid, text, jsonb, smallint) TO countersign_web, countersign_worker, countersign_auditor;

ALTER TABLE public.evidence_item
  ADD COLUMN shape uuid GENERATED ALWAYS AS (public.record_shape(kind, source_id, title, fields, instruction_like)) STORED;

-- All that the outline and the histogram ask of a record, so that they read the index alone. The columns of the
-- expression are in it besides: without them the planner does not see that it can.
DROP INDEX public.evidence_item_thread_idx;
CREATE INDEX evidence_item_thread_idx
  ON public.evidence_item (incident_id, (coalesce("time", received_at)), position)
  INCLUDE ("time", received_at, kind, shape);

SELECT gate.record_guards();
