/** Many workers reach for the last of a budget at one moment: what is spent and held back never passes its limit. */
import { createClient } from "#lib/db/prisma.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { setBudget } from "#lib/commands/set-budget.ts";
import { activateForTest } from "#lib/db/testing-copilot.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "#lib/db/testing-runs.ts";
import type { Figure } from "../figures.ts";
import { drillDatabase } from "./drill/database.ts";
import { seededRandom } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";

export type BudgetSize = { rounds: number; seed: number };
export type BudgetResult = {
  starts: number;
  /** Rounds after which more was spent and held back than the limit, by any number. */
  overspent: number;
  /** Rounds in which another number of runs started than there was money for. */
  miscounted: number;
  /** Rounds after which something was held back still, or the sums do not add up. */
  unsettled: number;
};

const SIZES: Record<ProofMode, BudgetSize> = {
  short: { rounds: 3, seed: 21 },
  normal: { rounds: 40, seed: 21 },
  long: { rounds: 400, seed: 21 },
};
/** At once, and what each holds back. */
const AT_ONCE = 50;
const EACH = 1_000;

/** In each round fifty starts, on fifty connections, race for the money of fewer; what started ends at its full price. */
export async function drillBudget(shared: TestDatabase, size: BudgetSize): Promise<BudgetResult> {
  const worker = createClient(shared.urls.worker, AT_ONCE);
  try {
    return await raceForMoney({ ...shared, worker }, size);
  } finally {
    await worker.$disconnect();
  }
}

async function raceForMoney(db: TestDatabase, size: BudgetSize): Promise<BudgetResult> {
  const profile = { concurrency: AT_ONCE };
  const model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9", profile });
  const random = seededRandom(size.seed);
  const result: BudgetResult = { starts: 0, overspent: 0, miscounted: 0, unsettled: 0 };
  for (let round = 0; round < size.rounds; round += 1) {
    const enough = 1 + Math.floor(random() * (AT_ONCE - 1));
    const before = await spent(db);
    const limit = before.spent + enough * EACH + Math.floor(random() * EACH);
    await limitAll(db, limit, model.admin.id);
    const ids = await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const { id: incidentId } = await makeIncident(db);
        return queueRunForTest(db, { incidentId, model });
      }),
    );
    const answers = await Promise.all(
      ids.map((runId) => startRunForTest(db, { runId, reserveMicro: EACH })),
    );
    const started = ids.filter((_, at) => answers[at]!.started);
    const held = await spent(db);
    if (held.spent + held.reserved > limit) result.overspent += 1;
    if (started.length !== enough) result.miscounted += 1;
    await endAll(db, ids, started);
    const after = await spent(db);
    if (after.spent + after.over > limit) result.overspent += 1;
    if (after.reserved !== 0 || after.spent - before.spent !== enough * EACH) result.unsettled += 1;
    result.starts += AT_ONCE;
  }
  return result;
}

function limitAll(db: TestDatabase, all: number, adminId: string): Promise<unknown> {
  const by = { kind: "person", session: null, id: adminId, role: "admin" } as const;
  const wide = { runMicro: EACH, incidentMicro: EACH, dayMicro: all, allMicro: all };
  return setBudget(db.web, { ...wide, reason: "For the drill." }, by);
}

async function endAll(db: TestDatabase, ids: string[], started: string[]): Promise<void> {
  await Promise.all(started.map((runId) => finishRunForTest(db, { runId, costMicro: EACH })));
  const waiting = ids.filter((id) => !started.includes(id));
  await Promise.all(
    waiting.map((runId) =>
      finishRunForTest(db, { runId, worker: null, state: "cancelled", error: "Over." }),
    ),
  );
}

async function spent(db: TestDatabase) {
  const row = await db.owner.modelBudget.findFirst({ where: { scope: "all" } });
  const { spentMicro = 0n, reservedMicro = 0n, overMicro = 0n } = row ?? {};
  return { spent: Number(spentMicro), reserved: Number(reservedMicro), over: Number(overMicro) };
}

/** The proof over a database of its own. */
export async function proveBudget(mode: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const { rounds } = SIZES[mode];
    const result = await drillBudget(db, SIZES[mode]);
    return { figures: figuresOf(result, rounds), limits: LIMITS };
  } finally {
    await db.close();
  }
}

const ZERO: [keyof BudgetResult, string][] = [
  ["overspent", "rounds that passed the limit"],
  ["miscounted", "rounds that started more or fewer than there was money for"],
  ["unsettled", "rounds whose sums do not add up"],
];

function figuresOf(result: BudgetResult, rounds: number): Figure[] {
  return [
    {
      id: "starts",
      value: result.starts,
      unit: "",
      n: rounds,
      target: null,
      holds: null,
      note: `${AT_ONCE} at once`,
    },
    ...ZERO.map(([id, note]) => {
      const value = result[id];
      return { id, value, unit: "", n: rounds, target: "0", holds: value === 0, note };
    }),
  ];
}

const LIMITS =
  "A provider that bills more than was held back is booked apart, over the limit: that cannot be prevented here.";
