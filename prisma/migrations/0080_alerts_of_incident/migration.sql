-- The alerts of an incident are few among its records, and the preview beside the queue reads the newest of them.
CREATE INDEX evidence_item_alerts_idx ON public.evidence_item (incident_id, position DESC) WHERE kind = 'alert';

SELECT gate.record_guards();
