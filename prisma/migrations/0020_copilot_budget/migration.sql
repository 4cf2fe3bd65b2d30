-- The one door through which a run begins: switch, breaker, concurrency and money are looked at under locks.
-- Order of locks: the run, the budget of everything, the others, the breaker; the trail last.

INSERT INTO public.budget_limit (id, run_micro, incident_micro, day_micro, all_micro, reason)
  VALUES (gate.uuid_v7(), 1000000, 5000000, 50000000, 1000000000, 'The limits of a new installation.');

CREATE FUNCTION gate.check_budget_limit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.require_admin(new.by_id);
  new.number := nextval('public.budget_limit_number_seq');
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_budget_limit BEFORE INSERT ON public.budget_limit FOR EACH ROW EXECUTE FUNCTION gate.check_budget_limit();
ALTER TABLE public.budget_limit ENABLE ALWAYS TRIGGER check_budget_limit;

-- The limit of a scope as it was last set.
CREATE FUNCTION gate.budget_of(p_scope text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_scope WHEN 'run' THEN run_micro WHEN 'incident' THEN incident_micro WHEN 'day' THEN day_micro WHEN 'all' THEN all_micro END
  FROM public.budget_limit ORDER BY number DESC LIMIT 1
$$;

-- What is left of a scope. Locks its row to the end of the transaction, and makes it if need be. A limit that was lowered
-- under what is spent already stands at what is spent. What went over an earlier limit is money gone, so a higher one has
-- that much less room; never less than none, since what costs nothing needs none.
CREATE FUNCTION gate.budget_room(p_scope text, p_key text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_limit bigint := gate.budget_of(p_scope);
  b public.model_budget;
BEGIN
  INSERT INTO public.model_budget (scope, key, limit_micro) VALUES (p_scope, p_key, v_limit) ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT b FROM public.model_budget WHERE scope = p_scope AND key = p_key FOR UPDATE;
  IF b.limit_micro <> greatest(v_limit, b.spent_micro + b.reserved_micro) THEN
    UPDATE public.model_budget SET limit_micro = greatest(v_limit, b.spent_micro + b.reserved_micro) WHERE scope = p_scope AND key = p_key;
  END IF;
  RETURN greatest(0, v_limit - b.spent_micro - b.reserved_micro - b.over_micro);
END $$;

CREATE FUNCTION gate.hold(p_scope text, p_key text, p_micro bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.model_budget SET reserved_micro = reserved_micro + p_micro WHERE scope = p_scope AND key = p_key
$$;

-- Gives back what was held back and books what it came to; what is more than the limit allows stands apart.
CREATE FUNCTION gate.settle(p_scope text, p_key text, p_reserved bigint, p_cost bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  b public.model_budget;
  v_room bigint;
BEGIN
  SELECT * INTO STRICT b FROM public.model_budget WHERE scope = p_scope AND key = p_key FOR UPDATE;
  v_room := least(p_cost, greatest(0, b.limit_micro - b.spent_micro - (b.reserved_micro - p_reserved)));
  UPDATE public.model_budget SET reserved_micro = reserved_micro - p_reserved, spent_micro = spent_micro + v_room, over_micro = over_micro + p_cost - v_room
    WHERE scope = p_scope AND key = p_key;
END $$;

-- A run leaves `streaming` once, so this happens once. Nothing known of the cost: it may have been billed in full.
CREATE FUNCTION gate.settle_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_cost bigint := coalesce(new.cost_micro, new.reserved_micro);
BEGIN
  PERFORM gate.settle('all', 'all', new.reserved_micro, v_cost);
  PERFORM gate.settle('day', new.budget_day::text, new.reserved_micro, v_cost);
  IF new.incident_id IS NOT NULL THEN PERFORM gate.settle('incident', new.incident_id::text, new.reserved_micro, v_cost); END IF;
  RETURN null;
END $$;
CREATE TRIGGER settle_run AFTER UPDATE ON public.model_run FOR EACH ROW
  WHEN (old.state = 'streaming' AND new.state <> 'streaming') EXECUTE FUNCTION gate.settle_run();
ALTER TABLE public.model_run ENABLE ALWAYS TRIGGER settle_run;

-- The name of the prompt that a kind of run is asked with.
CREATE FUNCTION gate.prompt_of(p_kind text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_kind WHEN 'summary' THEN 'summarise' WHEN 'repair' THEN 'repair' WHEN 'answer' THEN 'answer'
    WHEN 'note' THEN 'draft' WHEN 'handover' THEN 'draft' WHEN 'message' THEN 'draft' END
$$;

-- Why this run may not go to its model by the switch, or null. A probe and an evaluation come before an activation, so
-- they may go to a model that is not in force. When the copilot was switched off nothing goes but what an admin asked
-- for since then: else the only way on would be the model that was stopped.
CREATE FUNCTION gate.switch_says(r public.model_run) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f public.model_in_force;
  p public.prompt_version;
BEGIN
  SELECT * INTO f FROM public.model_in_force;
  IF f.id IS NOT NULL AND f.config_id IS NULL AND NOT gate.asked_since(r, f.at) THEN
    RETURN gate.not_started('off', 'The model is switched off.', 10);
  END IF;
  IF r.kind IN ('probe', 'evaluation') THEN RETURN null; END IF;
  IF f.id IS NULL THEN RETURN gate.not_started('off', 'No model is activated.', 10); END IF;
  IF f.config_id <> r.config_id THEN RETURN gate.not_started('off', 'Another model is activated.', 1); END IF;
  SELECT * INTO p FROM public.prompt_version WHERE id = r.prompt_version_id;
  IF p.name IS DISTINCT FROM gate.prompt_of(r.kind) OR (f.prompts ->> p.name) IS DISTINCT FROM p.version::text THEN
    RETURN gate.not_started('prompt', 'The model was not activated with this prompt.', 1);
  END IF;
  RETURN null;
END $$;

-- Is it a probe, or of an evaluation, that an admin asked for after this moment?
CREATE FUNCTION gate.asked_since(r public.model_run, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.person m WHERE m.role = 'admin' AND m.active AND (
    (r.kind = 'probe' AND m.id = r.asked_by AND r.attempt = 1 AND r.queued_at > p_at)
    OR (r.kind = 'evaluation' AND EXISTS (SELECT FROM public.evaluation e WHERE e.id = r.evaluation_id AND e.by_id = m.id AND e.started_at > p_at))))
$$;

CREATE FUNCTION gate.not_started(p_code text, p_sentence text, p_seconds numeric) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('started', false, 'code', p_code, 'sentence', p_sentence,
    'retrySeconds', CASE WHEN p_seconds IS NOT NULL THEN greatest(1, ceil(p_seconds)::int) END)
$$;

-- Why the provider is left alone now, or null. The last check of all: after the pause the first run to come through here
-- is the one that tries, and the others wait for what becomes of it.
CREATE FUNCTION gate.breaker_says(r public.model_run) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE b public.model_breaker;
BEGIN
  INSERT INTO public.model_breaker (config_id) VALUES (r.config_id) ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT b FROM public.model_breaker WHERE config_id = r.config_id FOR UPDATE;
  IF b.state = 'open' AND b.retry_at > clock_timestamp() THEN
    RETURN gate.not_started('breaker', 'The provider has trouble; nothing is sent for a while.', extract(epoch FROM b.retry_at - clock_timestamp()));
  END IF;
  IF b.state = 'half_open' AND EXISTS (SELECT FROM public.model_run WHERE id = b.probe_run AND state = 'streaming') THEN
    RETURN gate.not_started('breaker', 'The provider had trouble; one request tries whether it is over.', 2);
  END IF;
  IF b.state <> 'closed' THEN UPDATE public.model_breaker SET state = 'half_open', probe_run = r.id WHERE config_id = r.config_id; END IF;
  RETURN null;
END $$;

-- Why there is no money for a run, or null. The budget of everything is the first row that each start and each end
-- locks: with it the counts that gate.start_run makes stand still.
CREATE FUNCTION gate.budget_says(r public.model_run, p_micro bigint, p_day date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_all bigint := gate.budget_room('all', 'all');
  v_day bigint := gate.budget_room('day', p_day::text);
BEGIN
  IF p_micro > gate.budget_of('run') THEN
    RETURN gate.not_started('budget_run', 'This would cost more than one request may.', null);
  END IF;
  IF p_micro > v_all THEN RETURN gate.not_started('budget_all', 'The whole budget for models is spent.', null); END IF;
  IF r.incident_id IS NOT NULL AND p_micro > gate.budget_room('incident', r.incident_id::text) THEN
    RETURN gate.not_started('budget_incident', 'The budget of this incident is spent.', null);
  END IF;
  IF p_micro > v_day THEN
    RETURN gate.not_started('budget_day', 'The budget of the day is spent.',
      extract(epoch FROM ((p_day + 1)::timestamp AT TIME ZONE 'UTC') - clock_timestamp()));
  END IF;
  RETURN null;
END $$;

-- Starts a queued run: {"started": true}, or {"started": false, "code", "sentence", "retrySeconds"} and nothing
-- changed but what it waits for. No seconds: waiting does not mend it.
CREATE FUNCTION gate.start_run(p_run uuid, p_worker text, p_request text, p_request_sha256 bytea, p_params jsonb, p_reserve_micro bigint,
  p_fence text, p_canary text, p_redaction_sealed bytea, p_redactions jsonb, p_left_out jsonb,
  p_evidence_root bytea, p_incident_version bigint, p_evidence_count int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r public.model_run;
  v_no jsonb;
  v_day date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM gate.refuse('G17', 'a run starts on what is committed now, not on an older view');
  END IF;
  IF p_reserve_micro IS NULL OR p_reserve_micro < 0 THEN PERFORM gate.refuse('G20', 'a run holds back what it may cost'); END IF;
  IF p_request_sha256 IS DISTINCT FROM sha256(convert_to(p_request, 'UTF8')) THEN PERFORM gate.refuse('G17', 'the hash is not the request''s'); END IF;
  PERFORM pg_advisory_xact_lock_shared(x'63676e32'::bigint);
  SELECT * INTO r FROM public.model_run WHERE id = p_run FOR UPDATE;
  IF r.state IS DISTINCT FROM 'queued' THEN RETURN gate.not_started('not_queued', 'This request does not wait any more.', 1); END IF;
  IF r.not_before > clock_timestamp() THEN
    RETURN gate.not_started('not_before', 'This request waits before it is tried again.', extract(epoch FROM r.not_before - clock_timestamp()));
  END IF;
  v_no := gate.switch_says(r);
  -- A statement each: one that waited for a lock must not be followed by a look at what stood before it.
  IF v_no IS NULL THEN v_no := gate.budget_says(r, p_reserve_micro, v_day); END IF;
  IF v_no IS NULL THEN v_no := gate.concurrency_says(r); END IF;
  IF v_no IS NULL THEN v_no := gate.breaker_says(r); END IF;
  IF v_no IS NOT NULL THEN
    UPDATE public.model_run SET waits_for = v_no ->> 'sentence' WHERE id = r.id AND waits_for IS DISTINCT FROM v_no ->> 'sentence';
    RETURN v_no;
  END IF;
  PERFORM gate.hold('all', 'all', p_reserve_micro), gate.hold('day', v_day::text, p_reserve_micro);
  IF r.incident_id IS NOT NULL THEN PERFORM gate.hold('incident', r.incident_id::text, p_reserve_micro); END IF;
  UPDATE public.model_run SET state = 'streaming', worker = p_worker, request = p_request, request_sha256 = p_request_sha256,
    params = coalesce(p_params, '{}'), reserved_micro = p_reserve_micro, budget_day = v_day, fence = p_fence, canary = p_canary,
    redaction_sealed = p_redaction_sealed, redactions = p_redactions, left_out = p_left_out,
    evidence_root = p_evidence_root, incident_version = p_incident_version, evidence_count = p_evidence_count,
    started_at = clock_timestamp(), heartbeat_at = clock_timestamp(), waits_for = null
  WHERE id = p_run;
  RETURN jsonb_build_object('started', true);
END $$;

-- Why the run waits for others, or null: so many at a time for one model, one summary at a time for one incident.
CREATE FUNCTION gate.concurrency_says(r public.model_run) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF r.kind IN ('summary', 'repair') AND EXISTS (SELECT FROM public.model_run
    WHERE incident_id = r.incident_id AND state = 'streaming' AND kind IN ('summary', 'repair'))
  THEN
    RETURN gate.not_started('concurrency', 'Another summary of this incident is being written.', 2);
  END IF;
  IF (SELECT count(*) FROM public.model_run WHERE config_id = r.config_id AND state = 'streaming')
    >= (SELECT (profile ->> 'concurrency')::numeric FROM public.model_config WHERE id = r.config_id)
  THEN
    RETURN gate.not_started('concurrency', 'As many requests as the model takes are under way.', 2);
  END IF;
  RETURN null;
END $$;

-- A sign of life. {"alive": the run streams and is this worker's, "stop": end it now, "reason": why}.
CREATE FUNCTION gate.beat_run(p_run uuid, p_worker text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r public.model_run;
  v_reason text;
BEGIN
  UPDATE public.model_run SET heartbeat_at = clock_timestamp() WHERE id = p_run AND state = 'streaming' AND worker = p_worker RETURNING * INTO r;
  v_reason := CASE
    WHEN r.id IS NULL THEN 'This request is not this worker''s any more.'
    WHEN EXISTS (SELECT FROM public.model_activation WHERE config_id IS NULL AND at >= r.started_at) THEN 'The model was switched off.'
    WHEN r.stop_asked_at IS NOT NULL THEN 'It was cancelled.' END;
  RETURN jsonb_build_object('alive', r.id IS NOT NULL, 'stop', v_reason IS NOT NULL, 'reason', v_reason);
END $$;

-- Runs whose worker has given no sign of life for so many seconds.
CREATE FUNCTION gate.lost_runs(p_seconds numeric) RETURNS SETOF uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM public.model_run WHERE state = 'streaming' AND heartbeat_at < clock_timestamp() - make_interval(secs => p_seconds::double precision)
  ORDER BY heartbeat_at
$$;

-- Keeps the breaker after a run ended, in the same transaction: opens at ten provider faults in the last twenty runs since
-- it closed, or at three overloaded ones in 30 s; the run that tried closes it, or opens it for twice as long, at most 5 min.
CREATE FUNCTION gate.note_fault(p_run uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r public.model_run;
  b public.model_breaker;
  v_faults int;
  v_overloaded int;
  v_is_fault boolean;
BEGIN
  SELECT * INTO r FROM public.model_run WHERE id = p_run;
  IF r.budget_day IS NULL OR r.state IN ('queued', 'streaming') THEN RETURN null; END IF;
  INSERT INTO public.model_breaker (config_id) VALUES (r.config_id) ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT b FROM public.model_breaker WHERE config_id = r.config_id FOR UPDATE;
  v_is_fault := coalesce(r.fault IN ('overloaded', 'server', 'timeout', 'connection'), false);
  IF b.state = 'half_open' AND b.probe_run = r.id THEN
    IF v_is_fault THEN
      PERFORM gate.open_breaker(b, least(300, b.wait_seconds * 2), 'The provider still fails.');
    ELSIF r.state = 'cancelled' OR coalesce(r.fault IN ('worker_lost', 'stopped'), false) THEN
      UPDATE public.model_breaker SET state = 'open', retry_at = clock_timestamp(), probe_run = null WHERE config_id = b.config_id;
    ELSE
      UPDATE public.model_breaker SET state = 'closed', closed_at = clock_timestamp(), opened_at = null, retry_at = null, reason = null,
        wait_seconds = 0, probe_run = null WHERE config_id = b.config_id;
    END IF;
  ELSIF b.state = 'closed' AND v_is_fault THEN
    SELECT count(*) FILTER (WHERE fault IN ('overloaded', 'server', 'timeout', 'connection')),
        count(*) FILTER (WHERE fault = 'overloaded' AND finished_at > clock_timestamp() - interval '30 s')
      INTO v_faults, v_overloaded
      FROM (SELECT fault, finished_at FROM public.model_run
        WHERE config_id = r.config_id AND state IN ('finished', 'failed', 'refused') AND finished_at > b.closed_at
          AND coalesce(fault NOT IN ('worker_lost', 'stopped'), true)
        ORDER BY finished_at DESC LIMIT 20) AS recent;
    IF v_overloaded >= 3 THEN PERFORM gate.open_breaker(b, 15, 'The provider is overloaded.');
    ELSIF v_faults >= 10 THEN PERFORM gate.open_breaker(b, 15, 'Half of the last requests failed at the provider.'); END IF;
  END IF;
  RETURN (SELECT state FROM public.model_breaker WHERE config_id = b.config_id);
END $$;

CREATE FUNCTION gate.open_breaker(b public.model_breaker, p_seconds int, p_reason text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.model_breaker SET state = 'open', opened_at = clock_timestamp(), wait_seconds = p_seconds, reason = p_reason,
    retry_at = clock_timestamp() + make_interval(secs => p_seconds), probe_run = null WHERE config_id = b.config_id
$$;

GRANT INSERT ON public.budget_limit TO countersign_web;
GRANT USAGE ON SEQUENCE public.budget_limit_number_seq TO countersign_web;
GRANT EXECUTE ON FUNCTION gate.start_run(uuid, text, text, bytea, jsonb, bigint, text, text, bytea, jsonb, jsonb, bytea, bigint, int),
  gate.beat_run(uuid, text), gate.lost_runs(numeric), gate.note_fault(uuid) TO countersign_worker;
GRANT EXECUTE ON FUNCTION gate.prompt_of(text) TO countersign_web, countersign_worker;

SELECT gate.record_guards();
