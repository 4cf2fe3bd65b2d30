import { NOBODY } from "#lib/db/acting.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { ExportFormat } from "#lib/domain/trail/export.ts";
import type { BundleScope, Withheld } from "#lib/trail/bundle/manifest.ts";

/** An export in this worker's hand, for as long as it keeps saying so. */
export type TakenExport = {
  id: string;
  /** Whose it is, a person's id. */
  askedBy: string;
  format: ExportFormat;
  scope: BundleScope;
  withheld: Withheld;
  /** How often it was taken up before and with this time; names the file. */
  hand: number;
};
/** Which export, and whose hand it must still be in. */
export type Held = { id: string; worker: string };

type Row = Omit<TakenExport, "askedBy"> & { person_id: string };

/** Takes the export that waited longest, or one whose worker is gone; null when there is none. */
export async function takeExport(
  db: Db,
  { worker, leaseMs }: { worker: string; leaseMs: number },
): Promise<TakenExport | null> {
  const [row] = await transact(
    db,
    NOBODY,
    (tx) => tx.$queryRaw<Row[]>`
      SELECT id, person_id, format, scope, withheld, hand FROM gate.take_export(${worker}, ${leaseMs}::int)`,
  );
  if (!row) return null;
  const { person_id: askedBy, ...rest } = row;
  return { ...rest, askedBy };
}

/** Says how far it is, and keeps it; false when it was cancelled or is another worker's. */
export async function noteExport(
  db: Db,
  { id, worker }: Held,
  how: { done: number; total: number | null; leaseMs: number },
): Promise<boolean> {
  const [row] = await db.$queryRaw<{ held: boolean }[]>`
    SELECT gate.note_export(${id}::uuid, ${worker}, ${how.done}::bigint, ${how.total}::bigint, ${how.leaseMs}::int) AS held`;
  return row?.held === true;
}

/** Puts it back into the queue; an attempt that counts is one of three. */
export async function leaveExport(db: Db, { id, worker }: Held, counts: boolean): Promise<void> {
  await db.$queryRaw`SELECT gate.leave_export(${id}::uuid, ${worker}, ${counts})::text`;
}

/** Says that the file lies there, whole; false when nobody wants it any more. */
export async function completeExport(
  db: Db,
  { id, worker }: Held,
  file: { name: string; bytes: number; sha256: Buffer; entries: number; keepSeconds: number },
): Promise<boolean> {
  const [row] = await transact(
    db,
    NOBODY,
    (tx) => tx.$queryRaw<{ kept: boolean }[]>`
      SELECT gate.complete_export(${id}::uuid, ${worker}, ${file.name}, ${file.bytes}::bigint, ${file.sha256},
        ${file.entries}::bigint, ${file.keepSeconds}::int) AS kept`,
  );
  return row?.kept === true;
}

/** Ends it; `reason` is a sentence for whoever asked. */
export async function failExport(db: Db, { id, worker }: Held, reason: string): Promise<void> {
  await transact(
    db,
    NOBODY,
    (tx) => tx.$queryRaw`SELECT gate.fail_export(${id}::uuid, ${worker}, ${reason}) AS ended`,
  );
}

/** Lets go what was kept its time, each with its entry; the rows only. Returns how many. */
export async function expireExports(db: Db): Promise<number> {
  const [row] = await transact(
    db,
    NOBODY,
    (tx) => tx.$queryRaw<{ gone: number }[]>`SELECT gate.expire_exports() AS gone`,
  );
  return row?.gone ?? 0;
}

/** Those of these ids whose files are still wanted, being written or ready, each with the hand it is in or was done by. */
export async function wantedExports(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ id: string; hand: number }[]>`
    SELECT id, hand FROM trail.audit_export WHERE id = ANY (${[...ids]}::uuid[]) AND state IN ('running', 'ready')`;
  return new Map(rows.map(({ id, hand }) => [id, hand]));
}
