-- A legal hold reaches what went from an incident and what came into it (docs/decisions/033): the entries of one tell of
-- the records of the other, however many splits and merges lie between, undone or not.
CREATE FUNCTION gate.told_of(p_incident uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE kin AS (
    SELECT p_incident AS id
    UNION
    SELECT x.id FROM kin CROSS JOIN LATERAL (
      SELECT merged_into_id AS id FROM public.incident WHERE id = kin.id AND merged_into_id IS NOT NULL
      UNION ALL SELECT id FROM public.incident WHERE merged_into_id = kin.id
      UNION ALL SELECT into_id FROM public.incident_merge WHERE from_id = kin.id
      UNION ALL SELECT from_id FROM public.incident_merge WHERE into_id = kin.id
      UNION ALL SELECT into_id FROM public.incident_split WHERE from_id = kin.id
      UNION ALL SELECT from_id FROM public.incident_split WHERE into_id = kin.id) AS x)
  SELECT id FROM kin
$$;
REVOKE ALL ON FUNCTION gate.told_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.told_of(uuid) TO countersign_web;

-- As before; and no hold stands on what its entries tell of.
CREATE OR REPLACE FUNCTION gate.require_erasable(p_incident uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i public.incident;
BEGIN
  SELECT * INTO i FROM public.incident WHERE id = p_incident FOR UPDATE;
  IF i.id IS NULL THEN PERFORM gate.refuse('G10', 'there is no such incident'); END IF;
  IF EXISTS (SELECT FROM gate.told_of(i.id) AS o(id) WHERE gate.is_held(o.id))
    OR EXISTS (SELECT FROM public.decision d JOIN public.decision_incident m ON m.decision_id = d.id
      WHERE d.incident_id = i.id AND gate.is_held(m.incident_id))
  THEN PERFORM gate.refuse('G36', 'a legal hold stands'); END IF;
  IF i.status <> 'closed' AND i.merged_into_id IS NULL THEN PERFORM gate.refuse('G14', 'no erasure of an incident that is worked on'); END IF;
END $$;

SELECT gate.record_guards();
