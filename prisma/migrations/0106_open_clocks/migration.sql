-- The queue by its clocks: of what is not closed, so that whoever comes to the end of the open ones need not pass all that
-- are closed, whose clocks stand still at the same end.
CREATE INDEX incident_queue_clock_idx ON public.incident ((CASE
  WHEN status = 'closed' THEN 'infinity' WHEN assignee_id IS NULL THEN sla_due_at
  WHEN verdict IS NULL THEN decide_due_at ELSE 'infinity'::timestamptz END), id)
  WHERE merged_into_id IS NULL AND status <> 'closed';

-- incident_opened_order is the same.
DROP INDEX public.incident_opened_at_idx;

SELECT gate.record_guards();
