-- Who has an incident open right now (docs/decisions/068). Not history: unlogged, written over, and gone after a crash.
-- Without references, so that a beat takes no lock on an incident that somebody is changing.
CREATE UNLOGGED TABLE public.presence (
  incident_id uuid NOT NULL,
  person_id uuid NOT NULL,
  since timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  seen_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT presence_pkey PRIMARY KEY (incident_id, person_id)
);
CREATE INDEX presence_seen_at_idx ON public.presence (seen_at);

GRANT SELECT, DELETE ON public.presence TO countersign_web;
GRANT INSERT (incident_id, person_id), UPDATE (since, seen_at) ON public.presence TO countersign_web;

SELECT gate.record_guards();
