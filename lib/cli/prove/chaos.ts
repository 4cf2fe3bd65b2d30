/** Sixteen people race over a few incidents while every process is killed in turn: what holds of a decision still holds. */
import { TEST_SEAL_KEYS } from "#lib/db/testing-copilot.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { none, percentile, round, told, type Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { auditAssertions, type AssertionsAudit } from "./chaos/assertions.ts";
import { auditGate, auditTrail, type GateAudit } from "./chaos/audit.ts";
import { actAtRandom } from "./chaos/client.ts";
import { chaosDesk, type ChaosDesk } from "./chaos/desk.ts";
import { commandDoor, httpDoor, sqlDoor, type Door } from "./chaos/door.ts";
import { Journal, type Tally } from "./chaos/journal.ts";
import { Killer, VICTIMS } from "./chaos/kills.ts";
import { mortalDatabase, type MortalDatabase } from "./drill/database.ts";
import { startProcess, type DrillProcess } from "./drill/processes.ts";
import { startProductWeb, type ProductWeb } from "./drill/product-web.ts";
import { waitFor } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";

type Size = { seconds: number; kills: number; callsMax: number; incidents: number; seed: number };

const SIZES: Record<ProofMode, Size> = {
  short: { seconds: 60, kills: 8, callsMax: 20_000, incidents: 6, seed: 11 },
  normal: { seconds: 240, kills: 30, callsMax: 80_000, incidents: 6, seed: 11 },
  long: { seconds: 600, kills: 60, callsMax: 200_000, incidents: 6, seed: 11 },
};
const CLIENTS = { commands: 8, SQL: 4, HTTP: 4 } as const;
const SUMMARY_SECONDS = 60;

type Result = {
  journal: Journal;
  killer: Killer;
  audit: GateAudit;
  byPasskey: AssertionsAudit;
  trail: { entries: number; fault: string | null };
  compared: { missing: string[]; done: string[]; twice: string[] };
  effects: Tally;
  seconds: number;
};

export async function proveChaos(mode: ProofMode): Promise<Proof> {
  const database = await mortalDatabase();
  try {
    const result = await race(database, SIZES[mode]);
    print(result);
    return { figures: figuresOf(result), limits: limitsOf(result) };
  } finally {
    await database.db.close();
  }
}

async function race(database: MortalDatabase, size: Size): Promise<Result> {
  const { db } = database;
  const people = CLIENTS.commands + CLIENTS.SQL + CLIENTS.HTTP;
  const web = await startProductWeb(db);
  const killer = new Killer({ database, web, worker: () => workerOf(db) }, size.seed);
  const journal = new Journal();
  const over = new AbortController();
  const doors: Door[] = [];
  try {
    const { party } = web;
    const desk = await chaosDesk(db, { people, party, incidents: size.incidents });
    doors.push(...(await openDoors(db, desk, web)));
    await waitFor("the first summaries", () => areSummarised(desk, db), SUMMARY_SECONDS);
    const startedAt = performance.now();
    const racing = doors.map((door, n) =>
      actAtRandom({
        ...{ db, desk, door, journal, person: desk.people[n]!, seed: size.seed * 1000 + n },
        ...{ callsMax: size.callsMax, signal: over.signal },
        whenUp: () => killer.whenUp(),
        isDisturbed: (since) => killer.isDisturbed(since),
      }),
    );
    await killer.killAll(size.kills, size.seconds);
    over.abort();
    await Promise.all(racing);
    const seconds = (performance.now() - startedAt) / 1000;
    // what was acknowledged last must outlive a server that gets no chance to write it down
    await killer.kill("server");
    await killer.stop();
    return { journal, killer, seconds, ...(await accountOf(db, journal)) };
  } finally {
    over.abort();
    await killer.stop();
    await web.stop();
    await Promise.all(doors.map((door) => door.close().catch(() => undefined)));
  }
}

async function openDoors(db: TestDatabase, desk: ChaosDesk, web: ProductWeb): Promise<Door[]> {
  const doors: Door[] = [];
  for (const [n, person] of desk.people.entries()) {
    // in turn, so that every door has its lead
    if (n % 4 === 0) doors.push(await httpDoor(web, person));
    else doors.push(n % 4 === 1 ? sqlDoor(db, person) : commandDoor(db, person, web.party));
  }
  return doors;
}

function workerOf(db: TestDatabase): DrillProcess {
  return startProcess("lib/cli/prove/drill/worker-instance.ts", [], {
    DATABASE_URL_WORKER: db.urls.worker,
    COUNTERSIGN_SEAL_PRIVATE: TEST_SEAL_KEYS.privateKey,
    LOG_LEVEL: "fatal",
  });
}

async function areSummarised({ incidents }: ChaosDesk, db: TestDatabase): Promise<boolean> {
  const read = await db.web.summary.findMany({
    distinct: "incidentId",
    select: { incidentId: true },
  });
  return incidents.every(({ id }) => read.some(({ incidentId }) => incidentId === id));
}

async function accountOf(db: TestDatabase, journal: Journal) {
  const { rows } = await db.pools.owner.query<{ kind: string; count: string }>(
    "select kind, count(*) from transition group by 1 order by 1",
  );
  return {
    audit: await auditGate(db),
    byPasskey: await auditAssertions(db),
    trail: await auditTrail(db),
    compared: await journal.compare(db),
    effects: Object.fromEntries(rows.map(({ kind, count }) => [kind, Number(count)])),
  };
}

function print({ journal, killer, effects, compared, trail }: Result): void {
  const lines = (of: Tally) =>
    Object.entries(of)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  say(`\nacknowledged  ${lines(journal.acknowledged)}`);
  say(`refused by    ${lines(journal.refusals)}`);
  say(`took effect   ${lines(effects)}`);
  say(`killed        ${lines(killer.kills)}`);
  for (const text of killer.diedAlong) say(`died along    ${text}`);
  for (const text of journal.unexpected.slice(0, 10)) say(`no answer     ${text}`);
  for (const text of compared.missing.slice(0, 10)) say(`MISSING       ${text}`);
  for (const text of compared.done.slice(0, 10)) say(`DONE UNASKED  ${text}`);
  if (trail.fault !== null) say(`TRAIL         ${trail.fault}`);
}

const ZERO: Record<keyof GateAudit, string> = {
  unsigned: "in effect without enough valid sign-offs by people who may",
  unproved: "sign-offs that no password over the statement gives",
  effects: "decisions and transitions that do not stand one for one",
  states: "incidents in a state that no transition made",
  moves: "moves that are none",
  statements: "statements that are not what was signed",
  endings: "decisions open twice, signed twice or after their end",
  responses: "response runs that are not one for each action",
  evidence: "incidents that do not hold what they count",
  entries: "entries of the trail missing, doubled or of nothing",
  history: "status moves on the trail that do not follow each other",
  guards: "guards that are not as they were",
};

function figuresOf(result: Result): Figure[] {
  const { journal, audit, byPasskey, trail, compared, effects } = result;
  const n = journal.operations;
  const zero = (id: string, value: number, note: string) => none(id, value, n, note);
  const took = sum(effects);
  return [
    ...runFigures(result),
    { ...told("tookEffect", took, n), target: "at least 20", holds: took >= EFFECTS_MIN },
    zero("unexpected", journal.unexpected.length, "without an answer while nothing was killed"),
    zero("missing", compared.missing.length, "acknowledged, and not there"),
    zero("doneUnasked", compared.done.length, "refused, and done all the same"),
    zero("recordsTwice", compared.twice.length, "records that stand twice"),
    told("byPasskey", byPasskey.assertions, n, "sign-offs, each checked again by openssl"),
    zero(
      "assertions",
      byPasskey.wrong.length,
      "sign-offs by passkey that openssl does not find good",
    ),
    ...(Object.keys(ZERO) as (keyof GateAudit)[]).map((id) => zero(id, audit[id], ZERO[id])),
    {
      ...told("trail", trail.entries, trail.entries, "as exported, by its lines alone", "entries"),
      target: "verified",
      holds: trail.fault === null,
    },
  ];
}

/** With fewer, the race would have been about nothing. */
const EFFECTS_MIN = 20;

function runFigures({ journal, killer, seconds }: Result): Figure[] {
  const n = journal.operations;
  const kills = sum(killer.kills);
  const took = killer.recoveries.map((ms) => ms / 1000);
  const struck = VICTIMS.map((victim) => `${killer.kills[victim]} ${victim}`).join(", ");
  const median = `median ${round(percentile(took, 0.5))} s`;
  return [
    told("operations", n, n, `in ${Math.round(seconds)} s by 16 clients`),
    told("acknowledged", sum(journal.acknowledged), n),
    told("refused", sum(journal.refusals), n),
    told("unanswered", journal.unknown, n, "cut off by a kill"),
    told("kills", kills, kills, struck),
    told("diedAlong", killer.diedAlong.length, kills, "processes that ended with what was killed"),
    told("recovery.max", round(Math.max(...took)), took.length, median, "s"),
  ];
}

function sum(of: Tally): number {
  return Object.values(of).reduce((all, one) => all + one, 0);
}

function limitsOf({ journal }: Result): string {
  return `What this does not prove. A killed server keeps its disk: a machine that loses power may lose what its disk only
said it had written. ${journal.operations} calls in one order are one sample of the orders there are. Clients, database, worker and
web shared one machine. Of a call without an answer nothing is claimed but that what stands of it is whole.`;
}
