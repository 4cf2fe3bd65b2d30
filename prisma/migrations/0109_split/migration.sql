-- Part of an incident goes to one of its own (docs/decisions/073). The records move; what the first incident held stays
-- under its root, as a departure that names record and place, and the split itself is the next leaf there: whatever was
-- written or signed over the root before is not over the one that stands now.

CREATE TABLE public.incident_split (
  id uuid NOT NULL,
  from_id uuid NOT NULL,
  into_id uuid NOT NULL,
  person_id uuid NOT NULL,
  reason text NOT NULL,
  count int NOT NULL,
  -- the leaf it is in `from`: its place, and the bytes under it
  position int NOT NULL,
  document text NOT NULL,
  -- of either, afterwards
  from_root bytea NOT NULL,
  into_root bytea NOT NULL,
  -- `from` as it was, and what of it the moved records showed too: what an undoing brings back
  from_before jsonb NOT NULL,
  observables_before jsonb NOT NULL,
  links_before jsonb NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT incident_split_pkey PRIMARY KEY (id),
  CONSTRAINT incident_split_from_id_fkey FOREIGN KEY (from_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_split_into_id_fkey FOREIGN KEY (into_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_split_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_split_reason CHECK (char_length(btrim(reason)) BETWEEN 1 AND 2000)
);
CREATE INDEX incident_split_from_id_idx ON public.incident_split (from_id);
CREATE INDEX incident_split_into_id_idx ON public.incident_split (into_id);

CREATE TABLE public.incident_unsplit (
  split_id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- the leaf it is in `from`, as above
  id uuid NOT NULL,
  position int NOT NULL,
  document text NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT incident_unsplit_pkey PRIMARY KEY (split_id),
  CONSTRAINT incident_unsplit_split_id_fkey FOREIGN KEY (split_id) REFERENCES public.incident_split (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_unsplit_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- A record that went: where it stood, and where it came to stand. In force until the split is undone.
CREATE TABLE public.evidence_departure (
  split_id uuid NOT NULL,
  evidence_item_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  position int NOT NULL,
  into_position int NOT NULL,
  CONSTRAINT evidence_departure_pkey PRIMARY KEY (split_id, evidence_item_id),
  CONSTRAINT evidence_departure_split_id_fkey FOREIGN KEY (split_id) REFERENCES public.incident_split (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT evidence_departure_evidence_item_id_fkey FOREIGN KEY (evidence_item_id) REFERENCES public.evidence_item (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT evidence_departure_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX evidence_departure_incident_id_position_idx ON public.evidence_departure (incident_id, position);
CREATE INDEX evidence_departure_evidence_item_id_idx ON public.evidence_departure (evidence_item_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.incident_split FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.incident_split FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.incident_split ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.incident_unsplit FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.incident_unsplit FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.incident_unsplit ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.evidence_departure FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.evidence_departure FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.evidence_departure ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER no_truncate;

-- Every leaf under an incident's root, with its bytes: records that stand there, records that went from there, and the
-- splits themselves. Whatever makes a root anew reads this, and nothing else.
CREATE VIEW public.evidence_leaf AS
  SELECT e.incident_id, e.position, e.id, e.raw, e.raw_sha256 FROM public.evidence_item e WHERE e.incident_id IS NOT NULL
  UNION ALL
  SELECT d.incident_id, d.position, e.id, e.raw, e.raw_sha256
  FROM public.evidence_departure d JOIN public.evidence_item e ON e.id = d.evidence_item_id
  WHERE NOT EXISTS (SELECT FROM public.incident_unsplit u WHERE u.split_id = d.split_id)
  UNION ALL
  SELECT s.from_id, s.position, s.id, convert_to(s.document, 'UTF8'), sha256(convert_to(s.document, 'UTF8')) FROM public.incident_split s
  UNION ALL
  SELECT s.from_id, u.position, u.id, convert_to(u.document, 'UTF8'), sha256(convert_to(u.document, 'UTF8'))
  FROM public.incident_unsplit u JOIN public.incident_split s ON s.id = u.split_id;

GRANT SELECT ON public.incident_split, public.incident_unsplit, public.evidence_departure, public.evidence_leaf
  TO countersign_web, countersign_worker, countersign_auditor;

-- As before; a claim that cites a record which went from its incident is not borne out there any more, whatever was
-- said of it when it was.
CREATE OR REPLACE VIEW public.claim_in_force AS
  SELECT c.id, c.summary_id, c.ordinal, c.front, c.text, c.kind, c.polarity, c.predicates,
         CASE WHEN g.gone AND coalesce(v.standing, c.standing) <> 'contradicted' THEN 'unsupported' ELSE coalesce(v.standing, c.standing) END AS standing,
         coalesce(v.verifier, c.verifier) AS verifier,
         coalesce(v.checks, c.checks) AS checks, coalesce(v.uncovered, c.uncovered) AS uncovered
  FROM public.claim c
  LEFT JOIN LATERAL (
    SELECT standing, verifier, checks, uncovered FROM public.claim_verification
    WHERE claim_id = c.id ORDER BY verifier::int DESC LIMIT 1) v ON true
  CROSS JOIN LATERAL (
    SELECT EXISTS (
      SELECT FROM public.citation t JOIN public.evidence_departure d ON d.evidence_item_id = t.evidence_id
      JOIN public.summary y ON y.incident_id = d.incident_id AND y.id = c.summary_id
      WHERE t.claim_id = c.id AND NOT EXISTS (SELECT FROM public.incident_unsplit u WHERE u.split_id = d.split_id)
        AND NOT EXISTS (SELECT FROM public.evidence_item e WHERE e.id = t.evidence_id AND e.incident_id = d.incident_id)) AS gone) g;

-- As before, of what stands in the incident: a record that went is opened where it is.
CREATE OR REPLACE FUNCTION gate.cited_evidence(p_incident uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT t.evidence_id
  FROM (SELECT DISTINCT ON (origin) id FROM public.summary WHERE incident_id = p_incident ORDER BY origin, version DESC) AS s
  JOIN public.claim c ON c.summary_id = s.id JOIN public.citation t ON t.claim_id = c.id
  JOIN public.evidence_item e ON e.id = t.evidence_id AND e.incident_id = p_incident
  WHERE c.front
$$;

-- As before: every place that the incident counts is taken, by a record, by one that went, or by a split.
CREATE OR REPLACE FUNCTION gate.evidence_is_counted(i public.incident) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*) FROM public.evidence_item WHERE incident_id = i.id) + gate.places_besides(i.id) = i.evidence_count;
END $$;

-- The places of an incident at which no record stands.
CREATE FUNCTION gate.places_besides(p_incident uuid) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*) + count(u.split_id) + coalesce(sum(s.count) FILTER (WHERE u.split_id IS NULL), 0)
    FROM public.incident_split s LEFT JOIN public.incident_unsplit u ON u.split_id = s.id WHERE s.from_id = p_incident);
END $$;

-- Why these records may not go from an incident to one of their own; null when they may. Without records: why none may.
CREATE FUNCTION gate.split_refusal(p_from uuid, p_items uuid[]) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN f.id IS NULL THEN 'missing'
    WHEN f.merged_into_id IS NOT NULL THEN 'merged'
    WHEN f.status = 'closed' THEN 'closed'
    WHEN num_nonnulls(f.escalated_by, f.contained_by) > 0 THEN 'in_effect'
    WHEN EXISTS (SELECT FROM gate.decisions_of(f.id) WHERE state = 'proposed') THEN 'open'
    WHEN EXISTS (SELECT FROM gate.decisions_of(f.id) d WHERE d.state = 'in_effect'
      OR EXISTS (SELECT FROM public.sign_off s WHERE s.decision_id = d.id)) THEN 'signed'
    WHEN EXISTS (SELECT FROM public.automation_stop WHERE incident_id = f.id)
      OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = f.id AND action <> 'collect_artifacts') THEN 'automation'
    WHEN p_items IS NULL THEN null
    WHEN cardinality(p_items) = 0 THEN 'none'
    WHEN cardinality(p_items) > 10000 THEN 'large'
    WHEN (SELECT count(*) FROM public.evidence_item WHERE id = ANY (p_items) AND incident_id = f.id) <> cardinality(p_items) THEN 'elsewhere'
    WHEN NOT EXISTS (SELECT FROM public.evidence_item WHERE incident_id = f.id AND id <> ALL (p_items)) THEN 'all'
    WHEN EXISTS (SELECT FROM public.record_pin p WHERE p.evidence_item_id = ANY (p_items)
      AND NOT EXISTS (SELECT FROM public.record_unpin x WHERE x.pin_id = p.id)) THEN 'pinned'
  END
  FROM (VALUES (1)) AS one LEFT JOIN public.incident f ON f.id = p_from
$$;

-- Why a split may not be undone; null when it may: whatever was built upon either incident since stands in its way.
CREATE FUNCTION gate.unsplit_refusal(p_split uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN s.id IS NULL THEN 'missing'
    WHEN EXISTS (SELECT FROM public.incident_unsplit WHERE split_id = s.id) THEN 'undone'
    WHEN num_nonnulls(f.merged_into_id, i.merged_into_id) > 0 THEN 'merged'
    WHEN f.status = 'closed' OR i.status = 'closed' THEN 'closed'
    WHEN f.evidence_root <> s.from_root OR i.evidence_root <> s.into_root THEN 'evidence'
    WHEN EXISTS (SELECT FROM gate.decisions_of(f.id) WHERE proposed_at >= s.at) OR EXISTS (SELECT FROM gate.decisions_of(i.id)) THEN 'decision'
    WHEN f.verdict IS DISTINCT FROM s.from_before ->> 'verdict' OR i.verdict IS NOT NULL THEN 'verdict'
    WHEN EXISTS (SELECT FROM public.claim_review WHERE incident_id IN (f.id, i.id) AND at >= s.at) THEN 'review'
    WHEN EXISTS (SELECT FROM public.note WHERE incident_id IN (f.id, i.id) AND at >= s.at) THEN 'note'
    WHEN EXISTS (SELECT FROM public.record_pin WHERE incident_id IN (f.id, i.id) AND at >= s.at) THEN 'pin'
    WHEN EXISTS (SELECT FROM public.incident_task WHERE incident_id = i.id) THEN 'tasks'
    WHEN EXISTS (SELECT FROM public.handover WHERE incident_id = i.id) THEN 'handover'
    WHEN EXISTS (SELECT FROM public.automation_stop WHERE incident_id IN (f.id, i.id) AND at >= s.at)
      OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id IN (f.id, i.id) AND decided_at >= s.at AND action <> 'collect_artifacts') THEN 'automation'
    WHEN EXISTS (SELECT FROM trail.erasure e JOIN trail.erasure_end x ON x.erasure_id = e.id
      WHERE e.incident_id IN (f.id, i.id) AND x.outcome = 'approved') THEN 'erased'
  END
  FROM (VALUES (1)) AS one LEFT JOIN public.incident_split s ON s.id = p_split
  LEFT JOIN public.incident f ON f.id = s.from_id LEFT JOIN public.incident i ON i.id = s.into_id
$$;

-- The bytes of the leaf that a split is: RFC 8785, and so are these of its undoing. The records by their places before,
-- in the order in which they stand afterwards, 1 to n.
CREATE FUNCTION gate.split_document(p_id uuid, p_from uuid, p_into uuid, p_items uuid[]) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('{"from":"%s","into":"%s","kind":"split","records":[%s],"split":"%s","v":1}', p_from, p_into,
    (SELECT string_agg(format('{"id":"%s","position":%s}', id, position), ',' ORDER BY position)
     FROM public.evidence_item WHERE incident_id = p_from AND id = ANY (p_items)), p_id)
$$;

CREATE FUNCTION gate.unsplit_document(p_split uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('{"from":"%s","into":"%s","kind":"unsplit","split":"%s","v":1}', from_id, into_id, id) FROM public.incident_split WHERE id = p_split
$$;

-- `p_from_root`, `p_from_peaks`: of `from` once the split is its next leaf. `p_into_root`, `p_into_peaks`: of the chosen
-- records alone, by their places in `from`.
CREATE FUNCTION gate.split_by_hand(p_id uuid, p_from uuid, p_into uuid, p_items uuid[], p_person uuid, p_reason text, p_claims bytea,
  p_from_root bytea, p_from_peaks bytea, p_into_root bytea, p_into_peaks bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f public.incident;
  i public.incident;
  v_count int := cardinality(p_items);
  v_alerts int;
  v_events int;
  v_payload text;
BEGIN
  PERFORM gate.check_merger(p_person);
  PERFORM FROM public.incident WHERE id = p_from FOR UPDATE;
  IF gate.split_refusal(p_from, coalesce(p_items, '{}')) IS NOT NULL THEN PERFORM gate.refuse('G14', 'no split of this incident'); END IF;
  SELECT * INTO STRICT f FROM public.incident WHERE id = p_from;
  SELECT count(*) FILTER (WHERE kind = 'alert'), count(*) FILTER (WHERE kind = 'event') INTO v_alerts, v_events
    FROM public.evidence_item WHERE id = ANY (p_items);
  -- nobody gets more time by a split: its clocks run since the first of its records came
  INSERT INTO public.incident (id, title, severity, severity_rank, opened_at, source_names, evidence_count, alert_count, event_count,
    evidence_root, evidence_peaks, claims_hash, first_evidence_at, last_evidence_at)
  SELECT p_into, w.title, w.severity, w.rank, m.received, m.names, v_count, v_alerts, v_events, p_into_root, p_into_peaks, p_claims, m.first, m.last
  FROM (SELECT min(e.received_at) AS received, min(e.time) AS first, max(e.time) AS last, array_agg(DISTINCT s.name ORDER BY s.name) AS names
        FROM public.evidence_item e JOIN public.source s ON s.id = e.source_id WHERE e.id = ANY (p_items)) AS m,
    (SELECT e.title, coalesce(e.severity, 'medium') AS severity,
       coalesce(array_position(ARRAY['informational', 'low', 'medium', 'high', 'critical'], e.severity), 3) AS rank
     FROM public.evidence_item e WHERE e.id = ANY (p_items)
     ORDER BY (e.kind = 'event'), array_position(ARRAY['critical', 'high', 'medium', 'low', 'informational'], e.severity) NULLS LAST, e.time, e.position LIMIT 1) AS w
  RETURNING * INTO i;
  INSERT INTO public.incident_split (id, from_id, into_id, person_id, reason, count, position, document, from_root, into_root,
    from_before, observables_before, links_before)
  VALUES (p_id, f.id, i.id, p_person, btrim(p_reason), v_count, f.evidence_count + 1, gate.split_document(p_id, f.id, i.id, p_items),
    p_from_root, p_into_root, to_jsonb(f),
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM public.incident_observable o WHERE o.incident_id = f.id AND (o.type || ':' || o.value) IN (
      SELECT unnest(observables) FROM public.evidence_item WHERE id = ANY (p_items))),
    (SELECT coalesce(jsonb_agg(to_jsonb(k)), '[]') FROM public.incident_link k WHERE k.incident_id = f.id AND (k.type || ':' || k.value) IN (
      SELECT unnest(observables) FROM public.evidence_item WHERE id = ANY (p_items))));
  INSERT INTO public.evidence_departure (split_id, evidence_item_id, incident_id, position, into_position)
    SELECT p_id, id, f.id, position, row_number() OVER (ORDER BY position) FROM public.evidence_item WHERE id = ANY (p_items);
  UPDATE public.evidence_item e SET incident_id = i.id, position = d.into_position
    FROM public.evidence_departure d WHERE d.split_id = p_id AND e.id = d.evidence_item_id;
  UPDATE public.incident SET last_activity_at = now(), evidence_count = f.evidence_count + 1, evidence_root = p_from_root, evidence_peaks = p_from_peaks,
    alert_count = f.alert_count - v_alerts, event_count = f.event_count - v_events, source_names = r.names, first_evidence_at = r.first, last_evidence_at = r.last
  FROM (SELECT array_agg(DISTINCT s.name ORDER BY s.name) AS names, min(e.time) AS first, max(e.time) AS last
        FROM public.evidence_item e JOIN public.source s ON s.id = e.source_id WHERE e.incident_id = f.id) AS r
  WHERE incident.id = f.id;
  PERFORM gate.split_values(p_id, f.id, i.id);
  v_payload := trail.canonical(jsonb_build_object('from', 'INC-' || lpad(f.number::text, 6, '0'), 'into', 'INC-' || lpad(i.number::text, 6, '0'),
    'fromId', f.id, 'intoId', i.id, 'count', v_count, 'position', f.evidence_count + 1, 'reason', btrim(p_reason), 'splitId', p_id));
  PERFORM trail.write('incident.split', 'person:' || p_person, f.id, v_payload);
  PERFORM trail.write('evidence.sealed', 'person:' || p_person, f.id, trail.canonical(jsonb_build_object(
    'evidenceCount', f.evidence_count + 1, 'added', 0, 'evidenceRoot', encode(p_from_root, 'hex'))));
  PERFORM trail.write('incident.opened', 'person:' || p_person, i.id, trail.canonical(jsonb_build_object(
    'number', 'INC-' || lpad(i.number::text, 6, '0'), 'title', i.title, 'severity', i.severity, 'count', v_count)));
  PERFORM trail.write('incident.split', 'person:' || p_person, i.id, v_payload);
  PERFORM trail.write('evidence.sealed', 'person:' || p_person, i.id, trail.canonical(jsonb_build_object(
    'evidenceCount', v_count, 'added', v_count, 'evidenceRoot', encode(p_into_root, 'hex'))));
END $$;

-- What both show and what ties later records to either: counted anew where records went; a value's span stays.
CREATE FUNCTION gate.split_values(p_split uuid, p_from uuid, p_into uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.incident_observable (incident_id, type, value, specific, count, first_at, last_at)
    SELECT p_into, o.type, o.value, o.specific, x.count, x.first, x.last
    FROM (SELECT n AS key, count(*) AS count, min(e.time) AS first, max(e.time) AS last
          FROM public.evidence_departure d JOIN public.evidence_item e ON e.id = d.evidence_item_id, unnest(e.observables) n
          WHERE d.split_id = p_split GROUP BY 1) AS x
    JOIN public.incident_observable o ON o.incident_id = p_from AND o.type || ':' || o.value = x.key;
  INSERT INTO public.incident_link (incident_id, type, value, first_at, last_at)
    SELECT p_into, k.type, k.value, k.first_at, k.last_at FROM public.incident_link k
    JOIN public.incident_observable o ON o.incident_id = p_into AND o.type = k.type AND o.value = k.value WHERE k.incident_id = p_from;
  DELETE FROM public.incident_link k USING public.incident_observable o, public.incident_observable x
    WHERE k.incident_id = p_from AND o.incident_id = p_from AND x.incident_id = p_into
      AND (o.type, o.value) = (k.type, k.value) AND (x.type, x.value) = (k.type, k.value) AND o.count <= x.count;
  DELETE FROM public.incident_observable o USING public.incident_observable x
    WHERE o.incident_id = p_from AND x.incident_id = p_into AND (x.type, x.value) = (o.type, o.value) AND o.count <= x.count;
  UPDATE public.incident_observable o SET count = o.count - x.count FROM public.incident_observable x
    WHERE o.incident_id = p_from AND x.incident_id = p_into AND (x.type, x.value) = (o.type, o.value);
END $$;

-- The records go back to their places, the new incident leads to the first, and the undoing is the next leaf of that.
CREATE FUNCTION gate.undo_split(p_split uuid, p_id uuid, p_person uuid, p_root bytea, p_peaks bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s public.incident_split;
  b public.incident;
  f public.incident;
  i public.incident;
  v_payload text;
BEGIN
  PERFORM gate.check_merger(p_person);
  SELECT * INTO s FROM public.incident_split WHERE id = p_split;
  PERFORM FROM public.incident WHERE id IN (s.from_id, s.into_id) ORDER BY id FOR UPDATE;
  IF gate.unsplit_refusal(p_split) IS NOT NULL THEN PERFORM gate.refuse('G14', 'no undoing of this split'); END IF;
  SELECT * INTO STRICT f FROM public.incident WHERE id = s.from_id;
  SELECT * INTO STRICT i FROM public.incident WHERE id = s.into_id;
  b := jsonb_populate_record(null::public.incident, s.from_before);
  INSERT INTO public.incident_unsplit (split_id, person_id, id, position, document)
    VALUES (s.id, p_person, p_id, f.evidence_count + 1, gate.unsplit_document(s.id));
  UPDATE public.incident SET merged_into_id = f.id, last_activity_at = now(), evidence_count = 0, alert_count = 0, event_count = 0,
    evidence_root = sha256(''), evidence_peaks = '' WHERE id = i.id;
  UPDATE public.evidence_item e SET incident_id = d.incident_id, position = d.position
    FROM public.evidence_departure d WHERE d.split_id = s.id AND e.id = d.evidence_item_id;
  UPDATE public.incident SET last_activity_at = now(), evidence_count = f.evidence_count + 1, evidence_root = p_root, evidence_peaks = p_peaks,
    alert_count = b.alert_count, event_count = b.event_count, source_names = b.source_names,
    first_evidence_at = b.first_evidence_at, last_evidence_at = b.last_evidence_at WHERE id = f.id;
  DELETE FROM public.incident_observable o USING jsonb_populate_recordset(null::public.incident_observable, s.observables_before) w
    WHERE o.incident_id = f.id AND (o.type, o.value) = (w.type, w.value);
  INSERT INTO public.incident_observable SELECT * FROM jsonb_populate_recordset(null::public.incident_observable, s.observables_before);
  DELETE FROM public.incident_link k USING jsonb_populate_recordset(null::public.incident_link, s.links_before) w
    WHERE k.incident_id = f.id AND (k.type, k.value) = (w.type, w.value);
  INSERT INTO public.incident_link SELECT * FROM jsonb_populate_recordset(null::public.incident_link, s.links_before);
  v_payload := trail.canonical(jsonb_build_object('from', 'INC-' || lpad(f.number::text, 6, '0'), 'into', 'INC-' || lpad(i.number::text, 6, '0'),
    'fromId', f.id, 'intoId', i.id, 'count', s.count, 'position', f.evidence_count + 1, 'splitId', s.id));
  PERFORM trail.write('incident.unsplit', 'person:' || p_person, f.id, v_payload);
  PERFORM trail.write('evidence.sealed', 'person:' || p_person, f.id, trail.canonical(jsonb_build_object(
    'evidenceCount', f.evidence_count + 1, 'added', 0, 'evidenceRoot', encode(p_root, 'hex'))));
  PERFORM trail.write('incident.unsplit', 'person:' || p_person, i.id, v_payload);
  -- what has no records any more says so as every incident does that went into another
  PERFORM trail.write('incident.merged', 'person:' || p_person, i.id, trail.canonical(jsonb_build_object(
    'from', 'INC-' || lpad(i.number::text, 6, '0'), 'into', 'INC-' || lpad(f.number::text, 6, '0'), 'fromId', i.id, 'intoId', f.id,
    'count', s.count, 'splitId', s.id)));
END $$;

REVOKE ALL ON FUNCTION gate.places_besides(uuid), gate.split_refusal(uuid, uuid[]), gate.unsplit_refusal(uuid), gate.split_document(uuid, uuid, uuid, uuid[]),
  gate.unsplit_document(uuid), gate.split_by_hand(uuid, uuid, uuid, uuid[], uuid, text, bytea, bytea, bytea, bytea, bytea),
  gate.split_values(uuid, uuid, uuid), gate.undo_split(uuid, uuid, uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.split_refusal(uuid, uuid[]), gate.unsplit_refusal(uuid), gate.split_document(uuid, uuid, uuid, uuid[]),
  gate.unsplit_document(uuid), gate.split_by_hand(uuid, uuid, uuid, uuid[], uuid, text, bytea, bytea, bytea, bytea, bytea),
  gate.undo_split(uuid, uuid, uuid, bytea, bytea) TO countersign_web;

-- As before, and not one from which records went: its places are not all taken by records.
CREATE OR REPLACE FUNCTION gate.merge_refusal(p_from uuid, p_into uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN f.id IS NULL OR i.id IS NULL THEN 'missing'
    WHEN f.id = i.id THEN 'itself'
    WHEN f.merged_into_id IS NOT NULL THEN 'merged'
    WHEN i.merged_into_id IS NOT NULL THEN 'into_merged'
    WHEN f.status = 'closed' THEN 'closed'
    WHEN i.status = 'closed' THEN 'into_closed'
    WHEN num_nonnulls(f.escalated_by, f.contained_by) > 0 THEN 'in_effect'
    WHEN EXISTS (SELECT FROM gate.decisions_of(f.id) WHERE state = 'proposed') THEN 'open'
    WHEN EXISTS (SELECT FROM gate.decisions_of(i.id) WHERE state = 'proposed') THEN 'into_open'
    WHEN EXISTS (SELECT FROM gate.decisions_of(f.id) d WHERE d.state = 'in_effect'
      OR EXISTS (SELECT FROM public.sign_off s WHERE s.decision_id = d.id)) THEN 'signed'
    WHEN EXISTS (SELECT FROM public.automation_stop WHERE incident_id = f.id)
      OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = f.id AND action <> 'collect_artifacts') THEN 'automation'
    WHEN EXISTS (SELECT FROM public.incident_task t LEFT JOIN LATERAL (
        SELECT state, removed FROM public.task_state z WHERE z.task_id = t.id ORDER BY number DESC LIMIT 1) AS s ON true
      WHERE t.incident_id = f.id AND coalesce(s.state, 'open') = 'open' AND NOT coalesce(s.removed, false)) THEN 'tasks'
    WHEN EXISTS (SELECT FROM public.handover h WHERE h.incident_id = f.id AND h.to_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM public.handover_taken k WHERE k.handover_id = h.id)
      AND h.id = (SELECT id FROM public.handover WHERE incident_id = f.id ORDER BY at DESC, id DESC LIMIT 1)) THEN 'handover'
    WHEN EXISTS (SELECT FROM public.incident_split WHERE from_id = f.id) THEN 'split'
    WHEN f.evidence_count > 10000 THEN 'large'
  END
  FROM (VALUES (1)) AS one LEFT JOIN public.incident f ON f.id = p_from LEFT JOIN public.incident i ON i.id = p_into
$$;

-- As before; by itself none that took part in a split, which a person meant; back into the first when that is undone.
CREATE OR REPLACE FUNCTION gate.check_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.merged_into_id IS NULL THEN
    IF EXISTS (SELECT FROM public.incident_unmerge u JOIN public.incident_merge m ON m.id = u.merge_id
      WHERE m.from_id = new.id AND m.into_id = old.merged_into_id AND u.at = now()) THEN RETURN new; END IF;
  ELSIF old.merged_into_id IS NULL THEN
    PERFORM FROM public.incident WHERE id = new.merged_into_id AND merged_into_id IS NULL FOR SHARE;
    IF found AND (
      EXISTS (SELECT FROM public.incident_merge WHERE from_id = new.id AND into_id = new.merged_into_id AND at = now())
      OR EXISTS (SELECT FROM public.incident_unsplit u JOIN public.incident_split s ON s.id = u.split_id
        WHERE s.into_id = new.id AND s.from_id = new.merged_into_id AND u.at = now())
      OR NOT (new.status <> 'new' OR new.assignee_id IS NOT NULL OR new.verdict IS NOT NULL
        OR EXISTS (SELECT FROM public.decision WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.claim_review WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.note WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.incident_task WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.evidence_item e JOIN public.source s ON s.id = e.source_id
          WHERE e.incident_id = new.id AND s.person_id IS NOT NULL)
        OR EXISTS (SELECT FROM public.incident_split WHERE new.id IN (from_id, into_id))
        OR EXISTS (SELECT FROM public.automation_stop WHERE incident_id = new.id)
        OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = new.id AND action <> 'collect_artifacts')))
    THEN RETURN new; END IF;
  END IF;
  RAISE EXCEPTION 'merge: only an untouched incident may be merged, once, into one that stands' USING ERRCODE = '42501';
END $$;

-- As before; and as a split or its undoing of this transaction says.
CREATE OR REPLACE FUNCTION gate.check_evidence_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new.incident_id = (SELECT merged_into_id FROM public.incident WHERE id = old.incident_id)
    OR EXISTS (SELECT FROM public.incident_unmerge u JOIN public.incident_merge m ON m.id = u.merge_id
      WHERE m.into_id = old.incident_id AND m.from_id = new.incident_id AND u.at = now()
        AND old.position BETWEEN m.base + 1 AND m.base + m.count AND new.position = old.position - m.base)
    OR EXISTS (SELECT FROM public.evidence_departure d JOIN public.incident_split s ON s.id = d.split_id
      WHERE d.evidence_item_id = new.id AND s.from_id = old.incident_id AND s.into_id = new.incident_id AND s.at = now()
        AND (d.position, d.into_position) = (old.position, new.position))
    OR EXISTS (SELECT FROM public.evidence_departure d JOIN public.incident_split s ON s.id = d.split_id
      JOIN public.incident_unsplit u ON u.split_id = s.id
      WHERE d.evidence_item_id = new.id AND s.into_id = old.incident_id AND s.from_id = new.incident_id AND u.at = now()
        AND (d.into_position, d.position) = (old.position, new.position))
  THEN
    RETURN null;
  END IF;
  RAISE EXCEPTION 'append-only: evidence stays in its incident at its position' USING ERRCODE = '42501';
END $$;

SELECT gate.record_guards();
