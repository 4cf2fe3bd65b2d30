import { exportFileLies, openExportFile } from "#lib/db/export-files.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";

export type FoundExport = { open: () => ReadableStream };

/**
 * The file of an export, before it is let through: what is ready and does not lie here as its row says is a Problem 410,
 * so that no download stands on the trail that could not be made.
 */
export async function findExportFile(db: Db, id: string): Promise<FoundExport> {
  const [row] = await db.$queryRaw<{ bytes: bigint; hand: number }[]>`
    SELECT bytes, hand FROM trail.audit_export WHERE id = ${id}::uuid AND state = 'ready' AND expires_at > now()`;
  if (row && !(await exportFileLies({ id, hand: row.hand, bytes: Number(row.bytes) })))
    throw new Problem(
      "export_missing",
      410,
      "The file is not where this export's record says. Ask for the export again, and tell whoever runs this desk.",
    );
  return { open: () => openExportFile({ id, hand: row?.hand ?? 0 }) };
}
