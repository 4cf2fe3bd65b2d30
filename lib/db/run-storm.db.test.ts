/** Many workers, a reaper and people at the same runs at once: whatever order it happens in, the books are right. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelRun } from "#lib/commands/cancel-run.ts";
import type { RunFault } from "#lib/domain/copilot/run.ts";
import { activateForTest, type ActivatedModel } from "./testing-copilot.ts";
import { makeIncident, makePerson, type TestPerson } from "./testing-people.ts";
import {
  finishRunForTest,
  noticeForTest,
  queueRunForTest,
  startRunForTest,
} from "./testing-runs.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

const RUNS = 60;
const HANDS = 8;
const RESERVED_MICRO = 1_000;

let db: TestDatabase;
let model: ActivatedModel;
let lea: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  lea = await makePerson(db, "lead", "lea");
  const profile = { concurrency: 5 };
  model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9", profile });
});
afterAll(() => db.close());

test("each run ends once, with one last event, and what is booked is what the runs cost", async () => {
  const incidents = await Promise.all([1, 2, 3].map(() => makeIncident(db)));
  const runs: string[] = [];
  for (let at = 0; at < RUNS; at += 1) {
    const incidentId = incidents[at % incidents.length]!.id;
    runs.push(await queueRunForTest(db, { incidentId, model, kind: "note" }));
  }
  const before = await deadlocks();
  await Promise.all(Array.from({ length: HANDS }, (_, seed) => hand(runs, seed + 1)));
  await endWhatIsOpen();
  expect(await brokenBooks()).toEqual([]);
  expect(await deadlocks()).toBe(before);
}, 120_000);

/** Does something to one run after the other, as one of several workers and people would. */
async function hand(runs: readonly string[], seed: number): Promise<void> {
  let state = seed;
  const below = (bound: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % bound;
  };
  const FAULTS: (RunFault | null)[] = [null, null, null, "answer", "rate_limited", "connection"];
  for (let step = 0; step < runs.length * 3; step += 1) {
    const runId = runs[below(runs.length)]!;
    const act = below(10);
    if (act < 4) await startRunForTest(db, { runId, reserveMicro: RESERVED_MICRO });
    else if (act < 6) await noticeForTest(db, runId, "Seen.");
    else if (act < 8) {
      const fault = FAULTS[below(FAULTS.length)]!;
      const cost = [0, 400, RESERVED_MICRO, 1_500, null][below(5)]!;
      const failed = { state: "failed", error: "It failed.", fault } as const;
      await finishRunForTest(db, { runId, costMicro: cost, ...(fault === null ? {} : failed) });
    } else if (act < 9) await reap(runId);
    else await cancelRun(db.web, { runId }, { kind: "person", session: null, id: lea.id });
  }
}

/** Ends a run as the reaper of lost ones does, whoever's it is; one that waits is left alone. */
async function reap(runId: string): Promise<void> {
  const { state } = await db.worker.modelRun.findUniqueOrThrow({ where: { id: runId } });
  if (state !== "streaming") return;
  const lost = { state: "failed", fault: "worker_lost", error: "Its worker was lost." } as const;
  const retry = { afterSeconds: 0 };
  await finishRunForTest(db, { runId, worker: null, ...lost, costMicro: null, retry });
}

async function endWhatIsOpen(): Promise<void> {
  const open = await db.worker.modelRun.findMany({
    where: { state: { in: ["queued", "streaming"] } },
    select: { id: true },
  });
  const over = { worker: null, state: "failed", error: "The storm is over." } as const;
  for (const { id: runId } of open) await finishRunForTest(db, { runId, ...over, costMicro: null });
}

async function deadlocks(): Promise<number> {
  const { rows } = await db.pools.owner.query(
    "select deadlocks::int as n from pg_stat_database where datname = current_database()",
  );
  return rows[0].n;
}

/** What does not add up, in words; nothing when all is well. */
async function brokenBooks(): Promise<string[]> {
  const { rows } = await db.pools.owner.query(`
    with cost as (
      select incident_id, coalesce(cost_micro, reserved_micro) as micro from model_run where reserved_micro is not null),
    booked as (
      select scope, key, reserved_micro, spent_micro + over_micro as micro, spent_micro, limit_micro from model_budget)
    select 'held back for nobody: ' || scope as what from booked where reserved_micro <> 0
    union all select 'more than the limit: ' || scope from booked where spent_micro > limit_micro
    union all select 'booked ' || b.micro || ' in all, not ' || c.micro from booked b, (select sum(micro) as micro from cost) c
      where b.scope = 'all' and b.micro <> c.micro
    union all select 'booked ' || b.micro || ' of an incident, not ' || c.micro
      from booked b join (select incident_id, sum(micro) as micro from cost group by 1) c on b.key = c.incident_id::text
      where b.scope = 'incident' and b.micro <> c.micro
    union all select 'no last event: ' || r.id from model_run r
      where (select count(*) from run_event e where e.run_id = r.id and e.kind = 'done') <> 1
    union all select 'events with a gap: ' || run_id from run_event group by run_id having max(seq) <> count(*)
    union all select 'an event after the last: ' || e.run_id from run_event e join run_event d on d.run_id = e.run_id and d.kind = 'done'
      where e.seq > d.seq
    union all select 'ended without an entry: ' || r.id from model_run r
      where r.state in ('finished', 'failed', 'refused') and (select count(*) from trail.payload p join trail.entry t using (seq)
        where t.kind in ('model_run.finished', 'model_run.failed')
          and convert_from(p.bytes, 'UTF8')::json ->> 'run' = r.id::text) <> 1`);
  return rows.map(({ what }) => what);
}
