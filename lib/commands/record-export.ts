import { transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/** What is taken away at once: the trail of an incident, the certificate of a decision, or the proof of an entry. */
export type Download = { incidentId: string | null } & (
  | { format: "jsonl" | "csv" }
  | { format: "certificate (PDF)"; decision: string }
  | { format: "proof"; entry: number }
);

/** Puts on the trail that someone takes the trail away, before the first byte leaves. The database refuses what is not there. */
export async function recordExport(db: Db, download: Download, by: Actor): Promise<void> {
  const { incidentId, format } = download;
  const decision = format === "certificate (PDF)" ? download.decision : null;
  const entry = format === "proof" ? download.entry : null;
  await withGuards(() =>
    transact(
      db,
      by,
      (tx) => tx.$queryRaw`
        SELECT gate.record_download(${actorText(by)}, ${incidentId}::uuid, ${format}, ${decision}::uuid, ${entry}::bigint)::text`,
    ),
  );
}
