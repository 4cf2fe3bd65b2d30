/** The provider down for half an hour while people and sources go on: nobody is held up, and all of it is made up for. */
import { setTimeout as pause } from "node:timers/promises";
import { honestAnswer } from "#e2e/fake-model/claims-from-evidence.ts";
import { startFakeModel, type Downtime, type FakeModel } from "#e2e/fake-model/server.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { percentile, round, type Figure } from "../figures.ts";
import { auditRuns, endings, type Audit } from "./drill/audit.ts";
import { drillDatabase } from "./drill/database.ts";
import { drillDesk, type DrillDesk } from "./drill/desk.ts";
import { workOn, type Acts } from "./drill/people.ts";
import type { DrillProcess } from "./drill/processes.ts";
import { waitFor } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";

export type OutageSize = {
  /** The outage as whoever waits sees it, and how many times faster their clock goes. */
  minutes: number;
  faster: number;
  /** Incidents that come in while it lasts. */
  incidents: number;
  drainSeconds: number;
};
export type OutageResult = Audit & {
  acts: Acts;
  incidents: number;
  /** Requests that were tried while the provider was down. */
  tried: number;
  /** The most runs that waited at one time. */
  backlog: number;
  /** From the end of the outage until nothing waits, in seconds of the drill. */
  drainedIn: number;
  unanswered: number;
  ended: Record<string, number>;
};

const SIZES: Record<ProofMode, OutageSize> = {
  short: { minutes: 30, faster: 120, incidents: 20, drainSeconds: 90 },
  normal: { minutes: 30, faster: 10, incidents: 300, drainSeconds: 600 },
  long: { minutes: 30, faster: 1, incidents: 1500, drainSeconds: 1800 },
};
const TICK_MS = 250;
const DOWNTIMES: Downtime[] = ["refuses", "overloaded", "silent"];

/** Half an hour without the provider; see `OutageResult`. */
export async function drillOutage(db: TestDatabase, size: OutageSize): Promise<OutageResult> {
  const fake = await startFakeModel({ script: (request) => honestAnswer(request) });
  const over = new AbortController();
  const clock = hasten(db, size.faster, over.signal);
  let worker: DrillProcess | null = null;
  try {
    const desk = await drillDesk(db, fake, { concurrency: 8, timeoutSeconds: 3, idleSeconds: 2 });
    worker = desk.worker();
    const first = await desk.openIncidents(5, 2);
    await waitFor("the first summaries", () => areRead(db, first), 60);
    const { acts, incidents, tried, backlog } = await outage(db, { fake, desk, size });
    const upAt = performance.now();
    await waitFor("the backlog to drain", () => isDrained(db), size.drainSeconds, 250);
    const drainedIn = (performance.now() - upAt) / 1000;
    const [audit, ended, unanswered] = await Promise.all([
      auditRuns(db),
      endings(db),
      unansweredQuestions(db),
    ]);
    return { ...audit, ended, acts, incidents, tried, backlog, drainedIn, unanswered };
  } finally {
    over.abort();
    await clock;
    await worker?.stop();
    await fake.close();
  }
}

type Outage = { fake: FakeModel; desk: DrillDesk; size: OutageSize };

async function outage(db: TestDatabase, { fake, desk, size }: Outage) {
  const lastMs = (size.minutes * 60_000) / size.faster;
  const downAt = new Date();
  const ids: string[] = [];
  const stop = new AbortController();
  const nextIncident = () => nextRead(db, ids);
  const working = workOn(db, nextIncident, stop.signal);
  let [incidents, backlog] = [0, 0];
  for (const how of DOWNTIMES) {
    await fake.goDown(how);
    const until = performance.now() + lastMs / DOWNTIMES.length;
    while (performance.now() < until) {
      ids.push(...(await desk.openIncidents(1, 2)));
      incidents += 1;
      backlog = Math.max(backlog, await db.owner.modelRun.count({ where: { state: "queued" } }));
      await pause(Math.max(1, lastMs / size.incidents));
    }
  }
  const tried = await db.owner.modelRun.count({
    where: { startedAt: { gte: downAt }, reservedMicro: { not: null } },
  });
  stop.abort();
  const acts = await working;
  await fake.comeUp();
  return { acts, incidents, tried, backlog };
}

/** The next incident whose rules summary is there: what people begin with. */
async function nextRead(db: TestDatabase, ids: string[]): Promise<string | undefined> {
  const [id] = ids;
  if (id === undefined || !(await db.web.summary.findFirst({ where: { incidentId: id } }))) return;
  return ids.shift();
}

/** For whatever waits, time goes faster: what it waits for comes nearer with each tick. */
async function hasten(db: TestDatabase, faster: number, signal: AbortSignal): Promise<void> {
  const seconds = ((faster - 1) * TICK_MS) / 1000;
  while (!signal.aborted && faster > 1) {
    await pause(TICK_MS);
    await db.pools.owner.query(
      "update model_breaker set retry_at = retry_at - make_interval(secs => $1) where retry_at is not null",
      [seconds],
    );
    await db.pools.owner.query(
      "update model_run set not_before = not_before - make_interval(secs => $1) where state = 'queued' and not_before > now()",
      [seconds],
    );
  }
}

async function areRead(db: TestDatabase, ids: string[]): Promise<boolean> {
  const read = await db.owner.summary.findMany({
    where: { incidentId: { in: ids }, origin: "model", state: "complete" },
    select: { incidentId: true },
  });
  return new Set(read.map(({ incidentId }) => incidentId)).size === ids.length;
}

async function isDrained(db: TestDatabase): Promise<boolean> {
  const { open, unread, summariesWrong } = await auditRuns(db);
  return open + unread + summariesWrong === 0 && (await unsummarised(db)) === 0;
}

/** Incidents without a complete model summary of their evidence. */
async function unsummarised(db: TestDatabase): Promise<number> {
  const { rows } = await db.pools.owner.query<{ count: string }>(`
    select count(*) from incident i where i.evidence_count > 0 and not exists (
      select from summary s where s.incident_id = i.id and s.origin = 'model' and s.state = 'complete' and s.evidence_root = i.evidence_root)`);
  return Number(rows[0]!.count);
}

/** Questions of people that no run answered. */
async function unansweredQuestions(db: TestDatabase): Promise<number> {
  const { rows } = await db.pools.owner.query<{ count: string }>(`
    select count(*) from (select distinct incident_id, asked_by, question from model_run where kind = 'answer') q
    where not exists (select from model_run r where r.kind = 'answer' and r.state = 'finished'
      and (r.incident_id, r.asked_by, r.question) = (q.incident_id, q.asked_by, q.question))`);
  return Number(rows[0]!.count);
}

/** The proof over a database of its own. */
export async function proveOutage(mode: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const size = SIZES[mode];
    const result = await drillOutage(db, size);
    return { figures: figuresOf(result, size), limits: limitsOf(result, size) };
  } finally {
    await db.close();
  }
}

const ZERO: [keyof OutageResult, string][] = [
  ["unanswered", "questions left unanswered"],
  ["open", "runs stuck"],
  ["withoutReason", "ended without an answer and without a reason"],
  ["withoutEnd", "ended without one last event"],
  ["disorder", "events lost, doubled or out of place"],
  ["summariesWrong", "summaries missing or written twice"],
  ["budgetsWrong", "budgets that do not add up"],
  ["unread", "incidents nobody answered for"],
];

function figuresOf(result: OutageResult, { minutes, faster }: OutageSize): Figure[] {
  const { acts, incidents, tried, backlog, drainedIn } = result;
  const free = { target: null, holds: null };
  const n = acts.took.length;
  const held = acts.failures.length;
  return [
    {
      id: "outage",
      value: minutes,
      unit: "min",
      n: 1,
      ...free,
      note: `clock ${faster} times faster`,
    },
    {
      id: "humanActs",
      value: n,
      unit: "",
      n,
      ...free,
      note: "notes, verdicts, reviews, signed decisions, questions",
    },
    { id: "humanActs.failed", value: held, unit: "", n, target: "0", holds: held === 0, note: "" },
    {
      id: "humanActs.p95",
      value: round(percentile(acts.took, 0.95)),
      unit: "ms",
      n,
      ...free,
      note: "",
    },
    {
      id: "incidents",
      value: incidents,
      unit: "",
      n: incidents,
      ...free,
      note: "came in while it lasted",
    },
    {
      id: "tried",
      value: tried,
      unit: "",
      n: tried,
      ...free,
      note: "requests sent while it lasted",
    },
    { id: "backlog", value: backlog, unit: "runs", n: 1, ...free, note: "the most that waited" },
    {
      id: "drained",
      value: round(drainedIn),
      unit: "s",
      n: incidents,
      target: "all",
      holds: true,
      note: "after the provider was back",
    },
    ...ZERO.map(([id, note]) => {
      const value = Number(result[id]);
      return { id, value, unit: "", n: incidents, target: "0", holds: value === 0, note };
    }),
  ];
}

function limitsOf({ ended, acts }: OutageResult, { faster }: OutageSize): string {
  const how = Object.entries(ended).map(([state, count]) => `${count} ${state}`);
  const failures =
    acts.failures.length > 0 ? ` What failed: ${acts.failures.slice(0, 5).join("; ")}.` : "";
  return `How the runs ended: ${how.join(", ")}.${failures} The clock of waits (breaker, attempts) goes ${faster} times faster; timeouts of a request and people do not.`;
}
