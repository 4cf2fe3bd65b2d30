/** The product over HTTP beside a small model of a decision's life; then people who approve at once, and replays. */
import fc from "fast-check";
import { none, told, type Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { auditAssertions, type AssertionsAudit } from "./chaos/assertions.ts";
import { auditGate } from "./chaos/audit.ts";
import { drillDatabase } from "./drill/database.ts";
import { startProductWeb } from "./drill/product-web.ts";
import { modelDesk, openIncident, type ModelDesk } from "./model/desk.ts";
import { moves, type Real } from "./model/moves.ts";
import { approveInPairs, replay, type PairsResult, type ReplaysResult } from "./model/races.ts";
import { newModel } from "./model/reference.ts";
import type { Proof, ProofMode } from "./proof.ts";

type Size = { runs: number; pairs: number; replays: number; seed: number };

const SIZES: Record<ProofMode, Size> = {
  short: { runs: 40, pairs: 200, replays: 2_000, seed: 5 },
  normal: { runs: 200, pairs: 1_000, replays: 10_000, seed: 5 },
  long: { runs: 1_000, pairs: 10_000, replays: 100_000, seed: 5 },
};

const LIMITS = `What this does not prove. The model knows four people, one incident at a time and no clock: nothing expires in it, and no
evidence arrives while it runs (\`prove -- chaos\` does that). It was written by the people who wrote the gate, from the
same specification: both may share a misreading. Web process and clients shared one machine, so \`at once\` means within
the same few milliseconds, not in the same instant.`;

export async function proveModel(mode: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const web = await startProductWeb(db);
    try {
      const desk = await modelDesk(db, web);
      const size = SIZES[mode];
      const life = await runModel(desk, size);
      const pairs = await approveInPairs(desk, size.pairs);
      const replays = await replay(desk, pairs.captured, size.replays);
      const faults = Object.values(await auditGate(db)).reduce((sum, one) => sum + one, 0);
      const byPasskey = await auditAssertions(db);
      print(life.report, pairs, replays);
      return { figures: figuresOf({ life, pairs, replays, faults, byPasskey }), limits: LIMITS };
    } finally {
      await web.stop();
    }
  } finally {
    await db.close();
  }
}

type Life = {
  runs: number;
  moves: number;
  /** What took effect, by kind. */
  effects: Record<string, number>;
  failed: boolean;
  report: string | null;
};

async function runModel(desk: ModelDesk, { runs, seed }: Size): Promise<Life> {
  let count = 0;
  const property = fc.asyncProperty(moves, (some) =>
    fc.asyncModelRun(async () => {
      const incidentId = await openIncident(desk);
      const real: Real = { desk, incidentId, decisions: [], count: () => (count += 1) };
      return { model: newModel(), real };
    }, some),
  );
  const details = await fc.check(property, { numRuns: runs, seed });
  const report = details.failed ? await fc.asyncDefaultReportMessage(details) : null;
  const effects = await effectsOf(desk);
  const { numRuns, failed } = details;
  return { runs: numRuns, moves: count, effects, failed, report: report ?? null };
}

async function effectsOf({ db }: ModelDesk): Promise<Record<string, number>> {
  const { rows } = await db.pools.owner.query<{ kind: string; count: string }>(
    "select kind, count(*) from transition group by 1 order by 1",
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, Number(count)]));
}

function print(report: string | null, pairs: PairsResult, { answers }: ReplaysResult): void {
  if (report !== null) say(`\n${report}`);
  for (const text of pairs.wrong.slice(0, 10)) say(`a pair went wrong: ${text}`);
  const lines = Object.entries(answers).toSorted(([, a], [, b]) => b - a);
  say(`\nreplays  ${lines.map(([name, count]) => `${count} ${name}`).join(", ")}`);
}

type Results = {
  life: Life;
  pairs: PairsResult;
  replays: ReplaysResult;
  faults: number;
  byPasskey: AssertionsAudit;
};

function figuresOf({ life, pairs, replays, faults, byPasskey }: Results): Figure[] {
  const { captured } = pairs;
  const limited = replays.answers["too_many_attempts"] ?? 0;
  const kinds = Object.entries(life.effects).map(([kind, count]) => `${count} ${kind}`);
  const words = "with stale pages, lost answers and double clicks";
  return [
    told("moves", life.moves, life.runs, words),
    {
      ...told("effects", kinds.length, life.moves, kinds.join(", "), "kinds"),
      target: "all 4",
      holds: kinds.length === 4,
    },
    none("disagreements", life.failed ? 1 : 0, life.runs, "of product and model"),
    none("pairsWrong", pairs.wrong.length, pairs.pairs, "approved at once, not one effect"),
    none("replayEffects", replays.effects, replays.replays, `of ${captured.length} calls`),
    none("replaysTurnedAway", limited, replays.replays, "by the limit on guesses"),
    told("byPasskey", byPasskey.assertions, life.moves, "sign-offs, each checked again by openssl"),
    none(
      "assertions",
      byPasskey.wrong.length,
      byPasskey.assertions,
      "that openssl does not find good",
    ),
    none("audit", faults, pairs.pairs, "faults found by SQL in what stands afterwards"),
  ];
}
