import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { sweepOldStandings, type SweepOptions } from "./reverify-sweep.ts";
import { failedLogons, issueByVerifier1 } from "./testing-reverify.ts";
import { summarise } from "./summarise.ts";
import { FAILURES, testDesk, type TestDesk } from "./testing.ts";

const RIGHT = failedLogons(FAILURES, "supported");
const WRONG = failedLogons(FAILURES + 1, "supported");

let db: TestDatabase;
let desk: TestDesk;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
});
afterAll(() => db.close());

type Said = { facts: object; message: string };

function options(over: Partial<SweepOptions> = {}): SweepOptions & { said: Said[] } {
  const said: Said[] = [];
  const say = (facts: object, message: string): void => {
    said.push({ facts, message });
  };
  const log = { info: say, warn: say };
  const { signal } = new AbortController();
  return { signal, yieldTo: () => Promise.resolve(), log, page: 2, said, ...over };
}

async function judgedBy(summaryIds: string[]): Promise<(string | undefined)[]> {
  const rows = await db.web.claimVerification.findMany({
    where: { claim: { summaryId: { in: summaryIds } } },
    select: { verifier: true, claim: { select: { summaryId: true } } },
  });
  const of = new Map(rows.map(({ claim, verifier }) => [claim.summaryId, verifier]));
  return summaryIds.map((id) => of.get(id));
}

test("the latest summary of each incident and origin is judged anew, over as many pages as it takes", async () => {
  const [current, superseded]: [string[], string[]] = [[], []];
  for (const origin of ["rules", "model", "rules", "rules", "rules"] as const) {
    const incidentId = await desk.openIncident();
    superseded.push(await issueByVerifier1(db, { incidentId, claims: [RIGHT] }));
    const version = origin === "rules" ? 2 : 1;
    if (origin === "model") current.push(superseded.pop()!);
    current.push(
      await issueByVerifier1(db, { incidentId, claims: [RIGHT, WRONG], origin, version }),
    );
  }
  const sweep = options();
  expect(await sweepOldStandings(db.worker, sweep)).toEqual({
    summaries: 6,
    claims: 11,
    moved: 5,
    failed: 0,
  });
  expect(await judgedBy(current)).toEqual(current.map(() => VERIFIER_VERSION));
  expect(await judgedBy(superseded)).toEqual(superseded.map(() => undefined));
  expect(sweep.said.at(-1)).toEqual({
    facts: { summaries: 6, claims: 11, moved: 5, failed: 0, verifier: VERIFIER_VERSION },
    message: "verifying stored summaries anew",
  });
  const again = options();
  expect(await sweepOldStandings(db.worker, again)).toMatchObject({ summaries: 0 });
  expect(again.said).toEqual([]);
});

test("a sweep cut short leaves whole summaries, and the next one does the rest", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const incidentId = await desk.openIncident();
    ids.push(await issueByVerifier1(db, { incidentId, claims: [RIGHT, WRONG] }));
  }
  const stopping = new AbortController();
  const yieldTo = async (): Promise<void> => stopping.abort();
  const first = options({ signal: stopping.signal, yieldTo });
  expect(await sweepOldStandings(db.worker, first)).toMatchObject({ summaries: 1, claims: 2 });
  expect(await sweepOldStandings(db.worker, options())).toMatchObject({ summaries: 2, claims: 4 });
  expect(await judgedBy(ids)).toEqual(ids.map(() => VERIFIER_VERSION));
});

test("two sweeps at once judge every claim once", async () => {
  for (let i = 0; i < 4; i += 1)
    await issueByVerifier1(db, { incidentId: await desk.openIncident(), claims: [RIGHT, WRONG] });
  const both = await Promise.all([
    sweepOldStandings(db.worker, options()),
    sweepOldStandings(db.worker, options()),
  ]);
  const sum = (of: "claims" | "moved" | "failed") => both[0][of] + both[1][of];
  expect([sum("claims"), sum("moved"), sum("failed")]).toEqual([8, 4, 0]);
});

test("between two summaries it yields, told how long the last one took", async () => {
  for (let i = 0; i < 2; i += 1)
    await issueByVerifier1(db, { incidentId: await desk.openIncident(), claims: [RIGHT] });
  const took: number[] = [];
  await sweepOldStandings(db.worker, options({ yieldTo: async (ms) => void took.push(ms) }));
  expect(took).toHaveLength(2);
  expect(Math.min(...took)).toBeGreaterThan(0);
});

test("a summary that cannot be judged is said, passed over, and does not hold up the others", async () => {
  const broken = await desk.openIncident();
  const predicates = { no: "list" } as never;
  await issueByVerifier1(db, { incidentId: broken, claims: [{ ...RIGHT, predicates }] });
  const whole = await issueByVerifier1(db, {
    incidentId: await desk.openIncident(),
    claims: [RIGHT],
  });
  const sweep = options();
  expect(await sweepOldStandings(db.worker, sweep)).toMatchObject({ summaries: 1, failed: 1 });
  expect(await judgedBy([whole])).toEqual([VERIFIER_VERSION]);
  expect(sweep.said.map(({ message }) => message)).toContain("could not verify anew");
});

test("what this version issued is not looked at", async () => {
  const incidentId = await desk.openIncident();
  await summarise(db.worker, incidentId);
  const { summaryVerifier } = await db.web.incident.findUniqueOrThrow({
    where: { id: incidentId },
  });
  expect(summaryVerifier).toBe(Number(VERIFIER_VERSION));
});
