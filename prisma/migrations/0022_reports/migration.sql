-- The register of what a model got wrong, and what came of each report: who says so, of which claim, and who looked.

CREATE TABLE public.model_report (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  claim_id uuid,
  run_id uuid,
  ordinal integer,
  person_id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT model_report_kind CHECK (kind IN ('wrong', 'misleading', 'leak', 'injected', 'harmful', 'other')),
  text text NOT NULL CONSTRAINT model_report_text CHECK (length(text) BETWEEN 1 AND 2000),
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT model_report_pkey PRIMARY KEY (id),
  CONSTRAINT model_report_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT model_report_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES public.claim (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT model_report_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.model_run (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT model_report_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  -- of a summary's claim, or of a run's claim by its place
  CONSTRAINT model_report_of CHECK ((run_id IS NULL) = (ordinal IS NULL) AND num_nonnulls(claim_id, run_id) = 1)
);
CREATE INDEX model_report_at_id_idx ON public.model_report (at DESC, id DESC);
CREATE INDEX model_report_claim_id_idx ON public.model_report (claim_id);
CREATE INDEX model_report_run_id_idx ON public.model_report (run_id);

CREATE TABLE public.report_resolution (
  report_id uuid NOT NULL,
  person_id uuid NOT NULL,
  outcome text NOT NULL CONSTRAINT report_resolution_outcome CHECK (outcome IN ('confirmed', 'no_fault', 'duplicate')),
  text text NOT NULL CONSTRAINT report_resolution_text CHECK (length(text) BETWEEN 1 AND 2000),
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT report_resolution_pkey PRIMARY KEY (report_id),
  CONSTRAINT report_resolution_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.model_report (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT report_resolution_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- A report is of what a model said, by someone who reads it, now.
CREATE FUNCTION gate.check_report() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = new.person_id;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role NOT IN ('analyst', 'lead', 'auditor') THEN PERFORM gate.refuse('G3', 'the role may not report a claim'); END IF;
  new.incident_id := CASE WHEN new.claim_id IS NOT NULL
    THEN (SELECT s.incident_id FROM public.claim c JOIN public.summary s ON s.id = c.summary_id WHERE c.id = new.claim_id AND s.origin = 'model')
    ELSE (SELECT r.incident_id FROM public.model_run r WHERE r.id = new.run_id AND EXISTS (SELECT FROM public.run_event e
      WHERE e.run_id = r.id AND e.kind = 'claim' AND e.data ->> 'ordinal' = new.ordinal::text)) END;
  IF new.incident_id IS NULL THEN PERFORM gate.refuse('G21', 'there is no such claim of a model'); END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;

CREATE FUNCTION gate.check_resolution() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m public.person;
BEGIN
  SELECT * INTO m FROM public.person WHERE id = new.person_id;
  IF m.id IS NULL OR NOT m.active OR NOT m.human THEN PERFORM gate.refuse('G2', 'this must be an active person'); END IF;
  IF m.role <> 'lead' THEN PERFORM gate.refuse('G3', 'the role may not settle a report'); END IF;
  new.at := clock_timestamp();
  RETURN new;
END $$;

-- No report and no resolution without its entry.
CREATE FUNCTION gate.record_report() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM trail.write('report.filed', 'person:' || new.person_id, new.incident_id, trail.canonical(jsonb_build_object(
    'report', new.id, 'kind', new.kind, 'claim', new.claim_id, 'run', new.run_id, 'ordinal', new.ordinal, 'text', new.text)));
  RETURN null;
END $$;

CREATE FUNCTION gate.record_resolution() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM trail.write('report.resolved', 'person:' || new.person_id, (SELECT incident_id FROM public.model_report WHERE id = new.report_id),
    trail.canonical(jsonb_build_object('report', new.report_id, 'outcome', new.outcome, 'text', new.text)));
  RETURN null;
END $$;

CREATE TRIGGER check_report BEFORE INSERT ON public.model_report FOR EACH ROW EXECUTE FUNCTION gate.check_report();
CREATE TRIGGER check_resolution BEFORE INSERT ON public.report_resolution FOR EACH ROW EXECUTE FUNCTION gate.check_resolution();
CREATE TRIGGER record_report AFTER INSERT ON public.model_report FOR EACH ROW EXECUTE FUNCTION gate.record_report();
CREATE TRIGGER record_resolution AFTER INSERT ON public.report_resolution FOR EACH ROW EXECUTE FUNCTION gate.record_resolution();
ALTER TABLE public.model_report ENABLE ALWAYS TRIGGER check_report;
ALTER TABLE public.report_resolution ENABLE ALWAYS TRIGGER check_resolution;
ALTER TABLE public.model_report ENABLE ALWAYS TRIGGER record_report;
ALTER TABLE public.report_resolution ENABLE ALWAYS TRIGGER record_resolution;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['model_report', 'report_resolution'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER append_only', name);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION trail.deny()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER no_truncate', name);
  END LOOP;
END $$;

GRANT SELECT ON public.model_report, public.report_resolution TO countersign_web, countersign_worker, countersign_auditor;
GRANT INSERT ON public.model_report, public.report_resolution TO countersign_web;

-- As before, and what the views say: which model is in force and which claims stand is read from them.
CREATE OR REPLACE FUNCTION gate.guards_now() RETURNS TABLE (name text, digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('trigger %s on %s', t.tgname, t.tgrelid::regclass), md5(concat_ws('|', t.tgenabled, t.tgtype, t.tgfoid::regproc, t.tgdeferrable, t.tginitdeferred, t.tgattr))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('check %s on %s', k.conname, k.conrelid::regclass), md5(pg_get_constraintdef(k.oid) || k.convalidated)
  FROM pg_constraint k WHERE k.contype = 'c' AND k.connamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('unique %s on %s', x.indexrelid::regclass, x.indrelid::regclass), md5(pg_get_indexdef(x.indexrelid) || x.indisvalid)
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
  WHERE x.indisunique AND c.relname <> '_prisma_migrations' AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('function %s', f.oid::regprocedure), md5(concat_ws('|', f.prosrc, f.prosecdef, f.proconfig, f.proowner::regrole, f.proacl))
  FROM pg_proc f WHERE f.pronamespace IN ('trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('rights on %s', c.oid::regclass), md5(concat_ws('|', c.relacl, (SELECT string_agg(a.attname || a.attacl::text, ',' ORDER BY a.attname)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)))
  FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v') AND c.relname <> '_prisma_migrations'
    AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
  UNION ALL
  SELECT format('view %s', c.oid::regclass), md5(concat_ws('|', pg_get_viewdef(c.oid), c.reloptions, c.relowner::regrole))
  FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN ('public'::regnamespace, 'trail'::regnamespace, 'gate'::regnamespace)
$$;

SELECT gate.record_guards();
