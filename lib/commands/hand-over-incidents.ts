import type { TogetherOutcome } from "#lib/contracts/together-views.ts";
import type { HandOverInput } from "#lib/contracts/work-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Actor } from "./actor.ts";
import { handOver } from "./hand-over.ts";
import { oneByOne } from "./one-by-one.ts";

/** Hands several incidents over, each with its own note and entries. One that cannot be is told and left as it is. */
export function handOverIncidents(
  db: Db,
  { handovers }: { handovers: readonly HandOverInput[] },
  by: Actor,
): Promise<TogetherOutcome> {
  return oneByOne(db, handovers, async (each) => Boolean(await handOver(db, each, by)));
}
