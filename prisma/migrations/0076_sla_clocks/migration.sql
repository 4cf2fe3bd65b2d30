-- Service clocks as data: how long an incident may wait to be taken, and how long to be judged, by severity.

-- A version each; the newest that was there when an incident opened is its own. Minutes by severity rank, from
-- informational (1) to critical (5).
CREATE TABLE public.sla_policy (
  version int NOT NULL,
  assign_minutes int[] NOT NULL,
  decide_minutes int[] NOT NULL,
  reason text NOT NULL,
  -- null: came with the product
  by_id uuid,
  at timestamptz(6) NOT NULL DEFAULT now(),
  CONSTRAINT sla_policy_pkey PRIMARY KEY (version),
  CONSTRAINT sla_policy_by_id_fkey FOREIGN KEY (by_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT sla_policy_five CHECK (array_ndims(assign_minutes) = 1 AND cardinality(assign_minutes) = 5
    AND array_ndims(decide_minutes) = 1 AND cardinality(decide_minutes) = 5),
  -- From a minute to 90 days, and nothing is judged before it must be taken.
  CONSTRAINT sla_policy_minutes CHECK (1 <= ALL (assign_minutes) AND 129600 >= ALL (decide_minutes)
    AND assign_minutes[1] <= decide_minutes[1] AND assign_minutes[2] <= decide_minutes[2] AND assign_minutes[3] <= decide_minutes[3]
    AND assign_minutes[4] <= decide_minutes[4] AND assign_minutes[5] <= decide_minutes[5]),
  CONSTRAINT sla_policy_reason CHECK (char_length(reason) BETWEEN 1 AND 500)
);
INSERT INTO public.sla_policy (version, assign_minutes, decide_minutes, reason, at) VALUES
  (1, '{1440,480,120,30,15}', '{10080,4320,1440,240,60}', 'Came with the product.', '2000-01-01 00:00:00+00');
CREATE INDEX sla_policy_by_id_idx ON public.sla_policy (by_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.sla_policy FOR EACH ROW EXECUTE FUNCTION trail.deny();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.sla_policy FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.sla_policy ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER no_truncate;
GRANT SELECT ON public.sla_policy TO countersign_web, countersign_worker, countersign_auditor;

ALTER TABLE public.incident ADD COLUMN decide_due_at timestamptz(6);
-- Written with the table and not by an update: no incident changes by this, and none is checked anew.
ALTER TABLE public.incident ALTER COLUMN decide_due_at TYPE timestamptz(6)
  USING opened_at + make_interval(mins => ('{10080,4320,1440,240,60}'::int[])[severity_rank]);
ALTER TABLE public.incident ALTER COLUMN decide_due_at SET NOT NULL;

-- Whoever opens an incident, its clocks are the policy's. A severity that rises brings them forward; one that falls
-- gives nobody more time.
CREATE FUNCTION gate.set_clocks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v public.sla_policy;
BEGIN
  SELECT * INTO v FROM public.sla_policy WHERE at <= new.opened_at ORDER BY version DESC LIMIT 1;
  IF NOT found THEN SELECT * INTO v FROM public.sla_policy ORDER BY version LIMIT 1; END IF;
  IF tg_op = 'INSERT' THEN
    new.sla_due_at := new.opened_at + make_interval(mins => v.assign_minutes[new.severity_rank]);
    new.decide_due_at := new.opened_at + make_interval(mins => v.decide_minutes[new.severity_rank]);
  ELSE
    new.sla_due_at := least(old.sla_due_at, new.opened_at + make_interval(mins => v.assign_minutes[new.severity_rank]));
    new.decide_due_at := least(old.decide_due_at, new.opened_at + make_interval(mins => v.decide_minutes[new.severity_rank]));
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER set_clocks BEFORE INSERT ON public.incident FOR EACH ROW EXECUTE FUNCTION gate.set_clocks();
CREATE TRIGGER set_clocks_again BEFORE UPDATE OF severity_rank ON public.incident FOR EACH ROW
  WHEN (old.severity_rank <> new.severity_rank) EXECUTE FUNCTION gate.set_clocks();
ALTER TABLE public.incident ENABLE ALWAYS TRIGGER set_clocks, ENABLE ALWAYS TRIGGER set_clocks_again;

-- The order of the queue by service clock: when the clock that runs is due. One that is stopped is due never.
DROP INDEX public.incident_sla_due_at_id_idx;
DROP INDEX public.incident_queue_sla_idx;
CREATE INDEX incident_clock_idx ON public.incident ((CASE
  WHEN status = 'closed' THEN 'infinity' WHEN assignee_id IS NULL THEN sla_due_at
  WHEN verdict IS NULL THEN decide_due_at ELSE 'infinity'::timestamptz END), id)
  WHERE merged_into_id IS NULL;

SELECT gate.record_guards();
