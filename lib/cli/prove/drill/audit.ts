import type { TestDatabase } from "#lib/db/testing.ts";

/** What may never be, counted over every run of a database; all of it is zero when all is well. */
export type Audit = {
  /** Runs that have not ended. */
  open: number;
  /** Ended without an answer and without a sentence saying why. */
  withoutReason: number;
  /** Ended without exactly one `done`, as the last event and with the state of the run. */
  withoutEnd: number;
  /** Events out of place, or a claim stored a second time. */
  disorder: number;
  /** Runs with two summaries, or finished ones with none. */
  summariesWrong: number;
  /** Budgets that hold something back still, or whose spending is not the sum of what their runs cost. */
  budgetsWrong: number;
  /** Runs whose start or end is not on the trail exactly once. */
  trailWrong: number;
  /** Incidents whose evidence no model summary covers and no run has ended for. */
  unread: number;
};

const QUESTIONS: Record<keyof Audit, string> = {
  open: `select count(*) from model_run where state in ('queued', 'streaming')`,
  withoutReason: `select count(*) from model_run where state in ('failed', 'cancelled', 'refused') and coalesce(error, '') = ''`,
  withoutEnd: `select count(*) from model_run r where r.state not in ('queued', 'streaming') and not exists (
    select from run_event e where e.run_id = r.id and e.kind = 'done' and e.data ->> 'state' = r.state
      and e.seq = (select count(*) from run_event a where a.run_id = r.id))`,
  disorder: `select count(*) from (
    select run_id from run_event group by run_id having max(seq) <> count(*)
    union all
    select run_id from run_event where kind = 'claim' group by run_id, data ->> 'ordinal' having count(*) > 1) wrong`,
  summariesWrong: `select count(*) from (
    select r.id from model_run r left join summary s on s.model_run_id = r.id where r.kind = 'summary'
    group by r.id having count(s.id) > 1 or (r.state = 'finished' and count(s.id) = 0)) wrong`,
  budgetsWrong: `select count(*) from model_budget b where b.reserved_micro <> 0 or b.spent_micro + b.over_micro <> coalesce((
    select sum(coalesce(r.cost_micro, r.reserved_micro)) from model_run r where r.budget_day is not null and (b.scope = 'all'
      or (b.scope = 'day' and b.key = r.budget_day::text) or (b.scope = 'incident' and b.key = r.incident_id::text))), 0)`,
  trailWrong: `select count(*) from (
    select r.id, count(*) filter (where t.kind = 'model_run.started') as started,
      count(*) filter (where t.kind in ('model_run.finished', 'model_run.failed')) as ended
    from model_run r left join (
      select e.kind, convert_from(p.bytes, 'UTF8')::jsonb ->> 'run' as run from trail.entry e join trail.payload p on p.seq = e.seq
      where e.kind like 'model_run.%') t on t.run = r.id::text
    where r.budget_day is not null group by r.id) c where started <> 1 or ended <> 1`,
  unread: `select count(*) from incident i where i.evidence_count > 0 and not exists (
    select from model_run r where r.incident_id = i.id and r.evidence_root = i.evidence_root and r.kind = 'summary' and r.state in ('finished', 'failed', 'refused'))`,
};

export async function auditRuns(db: TestDatabase): Promise<Audit> {
  const counts = await Promise.all(
    Object.entries(QUESTIONS).map(async ([name, sql]) => {
      const { rows } = await db.pools.owner.query<{ count: string }>(sql);
      return [name, Number(rows[0]!.count)] as const;
    }),
  );
  return Object.fromEntries(counts) as Audit;
}

/** How runs ended, by state and fault, for people to read. */
export async function endings(db: TestDatabase): Promise<Record<string, number>> {
  const { rows } = await db.pools.owner.query<{ how: string; count: string }>(
    `select state || coalesce(' (' || fault || ')', '') as how, count(*) from model_run where kind <> 'probe' group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ how, count }) => [how, Number(count)]));
}
