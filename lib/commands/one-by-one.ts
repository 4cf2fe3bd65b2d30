import type { TogetherOutcome } from "#lib/contracts/together-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { isProblem } from "#lib/domain/problem.ts";
import type { Problem } from "#lib/domain/problem.ts";

/** Transactions under way at one time: each ends at the head of the trail, where they wait for one another. */
const AT_ONCE = 4;

/**
 * Does one thing to each incident in a transaction of its own, so that one which cannot keeps nobody else's from
 * being done. `run` says whether it changed anything. Where nothing was done to any and all say the same, that Problem
 * is thrown.
 */
export async function oneByOne<T extends { incidentId: string }>(
  db: Db,
  items: readonly T[],
  run: (item: T) => Promise<boolean>,
): Promise<TogetherOutcome> {
  const changed: string[] = [];
  const unchanged: string[] = [];
  const problems = new Map<string, Problem>();
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(
      items.slice(at, at + AT_ONCE).map(async (item) => {
        const said = await orProblem(() => run(item));
        if (typeof said !== "boolean") problems.set(item.incidentId, said);
        else (said ? changed : unchanged).push(item.incidentId);
      }),
    );
  }
  const [first] = problems.values();
  const same = first && [...problems.values()].every(({ code }) => code === first.code);
  if (same && problems.size === items.length) throw first;
  return { changed, unchanged, refused: await named(db, problems) };
}

async function orProblem(run: () => Promise<boolean>): Promise<boolean | Problem> {
  try {
    return await run();
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
}

async function named(
  db: Db,
  problems: ReadonlyMap<string, Problem>,
): Promise<TogetherOutcome["refused"]> {
  if (problems.size === 0) return [];
  const rows = await db.incident.findMany({
    where: { id: { in: [...problems.keys()] } },
    select: { id: true, number: true },
  });
  const numbers = new Map(rows.map(({ id, number }) => [id, incidentNumber(number)]));
  return [...problems].map(([incidentId, { code, publicMessage }]) => ({
    incidentId,
    number: numbers.get(incidentId) ?? "",
    code,
    message: publicMessage,
  }));
}
