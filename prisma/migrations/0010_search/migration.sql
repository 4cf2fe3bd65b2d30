-- Finding: titles by part, and the values that may tie later records to an incident.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX incident_title_trgm_idx ON public.incident USING gin (title gin_trgm_ops);

-- Most incidents are closed; the queue is about the few that are not, in one of four orders.
CREATE INDEX incident_queue_activity_idx ON public.incident (last_activity_at DESC, id DESC)
  WHERE status <> 'closed' AND merged_into_id IS NULL;
CREATE INDEX incident_queue_severity_idx ON public.incident (severity_rank DESC, id DESC)
  WHERE status <> 'closed' AND merged_into_id IS NULL;
CREATE INDEX incident_queue_sla_idx ON public.incident (sla_due_at, id)
  WHERE status <> 'closed' AND merged_into_id IS NULL;
CREATE INDEX incident_queue_opened_idx ON public.incident (opened_at DESC, id DESC)
  WHERE status <> 'closed' AND merged_into_id IS NULL;
CREATE INDEX incident_opened_at_idx ON public.incident (opened_at DESC, id DESC);
CREATE INDEX decision_open_idx ON public.decision (incident_id, kind) WHERE state = 'proposed';
CREATE INDEX evidence_item_source_id_received_at_idx ON public.evidence_item (source_id, received_at DESC);

-- Records that joined nothing yet, and source-incident rows by the alerts they name. Partial, because an alert
-- looks here for the few, not among all that ever arrived.
CREATE INDEX evidence_item_loose_idx ON public.evidence_item USING gin (observables)
  WHERE incident_id IS NULL;
CREATE INDEX evidence_item_rows_idx ON public.evidence_item USING gin (observables)
  WHERE kind = 'incident';
DROP INDEX public.evidence_item_observables_idx;

-- A value that may tie later records to the incident, with the span in which its alerts carried it. Apart from
-- incident_observable, which counts every sighting: were the span to grow with each event that joined by it, an
-- incident would never stop growing.
CREATE TABLE public.incident_link (
  incident_id uuid NOT NULL REFERENCES public.incident (id) ON DELETE RESTRICT,
  type text NOT NULL,
  value text NOT NULL,
  first_at timestamptz(3) NOT NULL,
  last_at timestamptz(3) NOT NULL,
  PRIMARY KEY (type, value, incident_id)
);
GRANT SELECT, INSERT, UPDATE ON public.incident_link TO countersign_web, countersign_worker;
GRANT SELECT ON public.incident_link TO countersign_auditor;
