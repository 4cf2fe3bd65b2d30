import type { Db } from "#lib/db/prisma.ts";
import { databaseMessage, transact } from "#lib/db/transaction.ts";
import { isProblem, Problem } from "#lib/domain/problem.ts";
import { OPEN_EXPORTS_MAX, type ExportFormat } from "#lib/domain/trail/export.ts";
import type { BundleScope, Withheld } from "#lib/trail/bundle/manifest.ts";
import type { PersonActor } from "../actor.ts";
import { withGuards } from "../guard-problem.ts";

export type ExportOrder = { scope: BundleScope; format: ExportFormat; withheld: Withheld };
/** What may be sent to whoever asked for it. */
export type ExportDownload = { fileName: string; bytes: number; sha256: string };

/** Asks for an export; the worker writes it. Throws Problem 429 when too many of one's own are not done, or no room is left. */
export async function askExport(
  db: Db,
  { scope, format, withheld }: ExportOrder,
  by: PersonActor,
): Promise<{ exportId: string }> {
  return guarded(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT gate.ask_export(${by.id}::uuid, ${format}, ${JSON.stringify(scope)}::jsonb, ${JSON.stringify(withheld)}::jsonb) AS id`;
      return { exportId: rows[0]!.id };
    }),
  );
}

/** Asks for the same again, as one's own. */
export async function repeatExport(
  db: Db,
  { exportId }: { exportId: string },
  by: PersonActor,
): Promise<{ exportId: string }> {
  return guarded(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT gate.ask_export(${by.id}::uuid, x.format, x.scope, x.withheld) AS id
        FROM trail.audit_export x WHERE x.id = ${exportId}::uuid`;
      if (!rows[0]) throw new Problem("not_found", 404, "There is no such export.");
      return { exportId: rows[0].id };
    }),
  );
}

/** Cancels one's own that is not done; the worker removes what it wrote. */
export async function cancelExport(
  db: Db,
  { exportId }: { exportId: string },
  by: PersonActor,
): Promise<{ ok: true }> {
  return guarded(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT gate.cancel_export(${by.id}::uuid, ${exportId}::uuid)::text`;
      return { ok: true };
    }),
  );
}

/** Lets a person take the file away, and puts that on the trail before the first byte leaves. */
export async function downloadExport(
  db: Db,
  { exportId }: { exportId: string },
  by: PersonActor,
): Promise<ExportDownload> {
  return guarded(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ file_name: string; bytes: bigint; sha256: string }[]>`
        SELECT file_name, bytes, sha256 FROM gate.download_export(${by.id}::uuid, ${exportId}::uuid)`;
      const { file_name: fileName, bytes, sha256 } = rows[0]!;
      return { fileName, bytes: Number(bytes), sha256 };
    }),
  );
}

/** What the guards say about an export, where their usual sentence speaks of a decision. */
const PROBLEMS: [says: RegExp, problem: [code: string, status: number, publicMessage: string]][] = [
  [
    /^G40 three exports/,
    [
      "exports_open",
      429,
      `${OPEN_EXPORTS_MAX} of your exports are not done yet. Wait for one, or cancel one.`,
    ],
  ],
  [
    /^G40 /,
    [
      "exports_full",
      429,
      "The exports that are kept leave no room for another. The oldest go after a week; ask again then, or ask whoever runs this desk.",
    ],
  ],
  [
    /^G4 /,
    ["export_of_another", 403, "Another person asked for this export; only they can cancel it."],
  ],
  [
    /^G1 .*no file/,
    ["export_gone", 409, "This export has no file: it is not done, or no longer kept."],
  ],
  [/^G1 /, ["export_done", 409, "This export is not being written any more."]],
];

async function guarded<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await withGuards(fn);
  } catch (error) {
    const words = isProblem(error) ? error.message : databaseMessage(error);
    const known = PROBLEMS.find(([says]) => says.test(words))?.[1];
    if (!known) throw error;
    throw new Problem(...known, { internal: words });
  }
}
