/** Each guard that the database's catalog shows taken away in turn: some attack must notice, and so must the next start. */
import { forgotten, guardsOf, type Guard, type Mutant } from "#lib/db/testing-guards.ts";
import { makeWorld } from "#lib/db/testing-world.ts";
import { none, told, type Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { drillDatabase } from "./drill/database.ts";
import type { Proof, ProofMode } from "./proof.ts";

const LIMITS = `What this does not prove. One guard is gone at a time, whole; a guard that is subtly wrong, or two that are gone
together, may go unnoticed by the attacks. Views and foreign keys are not taken away; a start misses a view that changed. What
changes a function, a right, a view or a trigger without this proof is noticed at the next start, as long as the list of
guards itself was not rewritten by the same hand.`;

type Result = { guard: Guard; mutant: Mutant };

const SAID_EVERY = 50;

/** The same in every mode: there are no fewer guards in a short one. */
export async function proveMutate(_: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const guards = await guardsOf(await makeWorld(db));
    const results: Result[] = [];
    for (const [n, guard] of guards.entries()) {
      results.push({ guard, mutant: await guard.without() });
      if ((n + 1) % SAID_EVERY === 0) say(`  ${n + 1} of ${guards.length} guards`);
    }
    const missing = forgotten(guards);
    print(results, missing);
    return { figures: figuresOf(results, missing), limits: LIMITS };
  } finally {
    await db.close();
  }
}

function print(results: readonly Result[], missing: readonly string[]): void {
  const byKind = Map.groupBy(results, ({ guard }) => guard.kind);
  for (const [kind, some] of byKind) {
    const noticed = some.filter(({ mutant }) => mutant.noticedBy > 0).length;
    say(`${kind.padEnd(8)} ${noticed} of ${some.length} noticed by an attack`);
  }
  for (const { guard } of results)
    if (guard.exempt !== null) say(`exempt   ${guard.kind} ${guard.name}: ${guard.exempt}`);
  for (const { guard, mutant } of results)
    if (guard.exempt === null && mutant.noticedBy === 0)
      say(`SURVIVES ${guard.kind} ${guard.name}`);
  for (const { guard, mutant } of results) {
    if (!mutant.isAtStart) say(`UNMISSED ${guard.kind} ${guard.name}: a start did not say so`);
    if (!mutant.isBack) say(`NOT BACK ${guard.kind} ${guard.name}`);
  }
  for (const text of missing) say(`FORGOTTEN ${text}`);
}

function figuresOf(results: readonly Result[], missing: readonly string[]): Figure[] {
  const due = results.filter(({ guard }) => guard.exempt === null);
  const all = (
    id: string,
    some: readonly Result[],
    holds: (mutant: Mutant) => boolean,
    note: string,
  ): Figure => {
    const value = some.filter(({ mutant }) => holds(mutant)).length;
    const n = some.length;
    return { id, value, unit: "guards", n, target: "all", holds: value === n, note };
  };
  const n = results.length;
  return [
    told("catalog", n, n, "in the database's catalog", "guards"),
    told("exempt", n - due.length, n, "each with its reason above", "guards"),
    none("forgotten", missing.length, n, "without an attack and without a reason"),
    all("killed", due, ({ noticedBy }) => noticedBy > 0, "taken away, and an attack noticed"),
    all("atStart", results, ({ isAtStart }) => isAtStart, "taken away, and a start says so"),
    all("putBack", results, ({ isBack }) => isBack, "put back, and every attack is refused again"),
  ];
}
