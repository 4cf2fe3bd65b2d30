/** The trail: what an entry costs, how many a second one log takes, and what a long log costs to prove and to export. */
import type { Figure } from "../figures.ts";
import { step } from "../progress.ts";
import type { ScratchServer } from "../scratch-database.ts";
import { hammer } from "../trail/hammer.ts";
import { benchAppend } from "./trail/append-cost.ts";
import { benchWholeLog, type WholeLogSize } from "./trail/whole-log.ts";

export type TrailSize = { commands: number; seconds: number; log: WholeLogSize };

const CLIENTS = 8;

export async function benchTrail(server: ScratchServer, size: TrailSize): Promise<Figure[]> {
  const append = await step("Append inside a command", () => benchAppend(server, size.commands));
  const rate = await step("Entries a second", () => rateOf(server, size.seconds));
  return [...append, ...rate, ...(await benchLog(server, size.log))];
}

/** The long log alone. */
export function benchLog(server: ScratchServer, size: WholeLogSize): Promise<Figure[]> {
  return step("A long log", (note) => benchWholeLog(server, size, note));
}

async function rateOf(server: ScratchServer, seconds: number): Promise<Figure[]> {
  const database = await server.database("hammer");
  try {
    return await hammer(database, { clients: CLIENTS, seconds });
  } finally {
    await database.close();
  }
}
