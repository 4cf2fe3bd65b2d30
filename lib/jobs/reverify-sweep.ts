import type { Actor } from "#lib/commands/actor.ts";
import type { Db } from "#lib/db/prisma.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { reverifySummary } from "./reverify.ts";

const PAGE = 50;
const WORKER: Actor = { kind: "system", id: "worker" };

export type SweepOptions = {
  signal: AbortSignal;
  /** Comes back when there is nothing more urgent; told how long the last summary took, in ms. */
  yieldTo: (tookMs: number) => Promise<void>;
  /** Incidents looked up at a time; default 50. */
  page?: number;
  log: {
    info: (facts: object, message: string) => void;
    warn: (facts: object, message: string) => void;
  };
};

export type Swept = { summaries: number; claims: number; moved: number; failed: number };

type Place = { verifier: number; id: string };
const START: Place = { verifier: 0, id: "00000000-0000-0000-0000-000000000000" };

/**
 * Judges anew what an earlier verifier said of the summaries that now stand: the latest of each incident and origin.
 * Works through the incidents page by page; what is done is done, so a sweep that was cut short goes on where it was,
 * in this process or another. A summary that fails is passed over and looked at by the next sweep.
 */
export async function sweepOldStandings(
  db: Db,
  { signal, yieldTo, log, page: size = PAGE }: SweepOptions,
): Promise<Swept> {
  const swept: Swept = { summaries: 0, claims: 0, moved: 0, failed: 0 };
  let at: Place | undefined = START;
  while (at && !signal.aborted) {
    const page: Place[] = await readPage(db, at, size);
    for (const summaryId of await currentSummaries(db, page)) {
      if (signal.aborted) break;
      const startedAt = performance.now();
      try {
        const { claims, moved } = await reverifySummary(db, summaryId, WORKER);
        swept.summaries += 1;
        swept.claims += claims;
        swept.moved += moved;
      } catch (error) {
        swept.failed += 1;
        log.warn({ summaryId, reason: (error as Error).message }, "could not verify anew");
      }
      await yieldTo(performance.now() - startedAt);
    }
    at = page.at(-1);
    if (at) log.info({ ...swept, verifier: VERIFIER_VERSION }, "verifying stored summaries anew");
  }
  return swept;
}

function readPage(db: Db, after: Place, size: number): Promise<Place[]> {
  return db.$queryRaw<Place[]>`
    SELECT summary_verifier AS verifier, id FROM incident
    WHERE merged_into_id IS NULL AND summary_verifier < ${VERIFIER_VERSION}::int
      AND (summary_verifier, id) > (${after.verifier}::int, ${after.id}::uuid)
    ORDER BY summary_verifier, id LIMIT ${size}::int`;
}

async function currentSummaries(db: Db, page: Place[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM unnest(${page.map(({ id }) => id)}::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (SELECT DISTINCT ON (origin) id FROM summary
                        WHERE incident_id = wanted.id ORDER BY origin, version DESC) s
    ORDER BY wanted.id, s.id`;
  return rows.map(({ id }) => id);
}
