/** Each guard of the database taken away in turn: some attack must notice, and so must the next start. */
import {
  GUARD_CODES,
  GUARD_TRIGGERS,
  missedAttacks,
  missingGuards,
  withoutGuard,
} from "#lib/db/testing-attacks.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import type { Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { drillDatabase } from "./drill/database.ts";
import type { Proof, ProofMode } from "./proof.ts";

const LIMITS = `What this does not prove. One guard is gone at a time, whole; a guard that is subtly wrong, or two that are gone
together, may go unnoticed by the attacks. What changes a function, a right, a view or a trigger without this proof is
noticed at the next start, as long as the list of guards itself was not rewritten by the same hand.`;

type Result = { guard: string; noticedBy: number; isNoticedAtStart: boolean; isBack: boolean };

/** The same in every mode: there are no fewer guards in a short one. */
export async function proveMutate(_: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const world = await makeWorld(db);
    const results: Result[] = [];
    for (const guard of [...GUARD_CODES, ...GUARD_TRIGGERS])
      results.push(await mutate(world, guard));
    print(results);
    return { figures: figuresOf(results), limits: LIMITS };
  } finally {
    await db.close();
  }
}

async function mutate(world: World, guard: string): Promise<Result> {
  const { noticedBy, atStart } = await withoutGuard(world, guard);
  const still = [...(await missedAttacks(world, guard)), ...(await missingGuards(world))];
  return {
    guard,
    noticedBy: noticedBy.length,
    isNoticedAtStart: atStart.length > 0,
    isBack: still.length === 0,
  };
}

function print(results: readonly Result[]): void {
  for (const { guard, noticedBy } of results)
    say(`${noticedBy > 0 ? "noticed" : "SURVIVES"}  ${guard}  (${noticedBy} attacks)`);
}

function figuresOf(results: readonly Result[]): Figure[] {
  const n = results.length;
  const figure = (id: string, holds: (result: Result) => boolean, note: string): Figure => {
    const value = results.filter(holds).length;
    return { id, value, unit: "guards", n, target: "all", holds: value === n, note };
  };
  return [
    figure("killed", ({ noticedBy }) => noticedBy > 0, "taken away, and an attack noticed"),
    figure("atStart", (result) => result.isNoticedAtStart, "taken away, and a start says so"),
    figure("putBack", ({ isBack }) => isBack, "put back, and every attack is refused again"),
  ];
}
