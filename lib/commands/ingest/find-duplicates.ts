import type { Tx } from "#lib/db/prisma.ts";
import type { DeadLetter } from "./dead-letters.ts";
import { asLoose } from "./plan-batch.ts";
import type { LooseEvent, LooseRow } from "./plan-batch.ts";
import type { PreparedRecord } from "./prepare.ts";

export type Duplicates = {
  fresh: PreparedRecord[];
  duplicates: number;
  /** Same id, other bytes: not evidence, but kept. */
  otherContent: DeadLetter[];
  /** Where the duplicates are already. */
  incidents: { id: string; number: number }[];
  /** Duplicates that had joined nothing, when this request hands them over by key. */
  attach: LooseEvent[];
};

type KnownRow = {
  record_key: string;
  id: string;
  raw_sha256: Uint8Array;
  incident_id: string | null;
  number: number | null;
  kind: string;
};

/** Sorts a batch into what is new and what was here before, by source and record key. */
export async function findDuplicates(
  tx: Tx,
  sourceId: string,
  records: readonly PreparedRecord[],
  handsOver: boolean,
): Promise<Duplicates> {
  const keys = records.map(({ recordKey }) => recordKey);
  const rows = await tx.$queryRaw<KnownRow[]>`
    SELECT e.record_key, e.id, e.raw_sha256, e.incident_id, i.number, e.kind
    FROM evidence_item e LEFT JOIN incident i ON i.id = e.incident_id
    WHERE e.source_id = ${sourceId}::uuid AND e.record_key = ANY(${keys}::text[])`;
  const known = new Map<string, { id: string; sha256: Uint8Array }>();
  for (const row of rows) known.set(row.record_key, { id: row.id, sha256: row.raw_sha256 });
  const fresh: PreparedRecord[] = [];
  const otherContent: DeadLetter[] = [];
  for (const record of records) {
    const before = known.get(record.recordKey);
    if (!before) {
      known.set(record.recordKey, { id: record.id, sha256: record.sha256 });
      fresh.push(record);
    } else if (record.sha256.compare(before.sha256) !== 0) {
      const reason = `same id as ${before.id}, other content`;
      otherContent.push({ index: record.index, reason, bytes: record.bytes });
    }
  }
  const homes = new Map(
    rows.flatMap((row) => (row.incident_id ? [[row.incident_id, row.number ?? 0] as const] : [])),
  );
  const looseIds = rows.flatMap((row) =>
    row.incident_id === null && row.kind === "event" ? row.id : [],
  );
  return {
    fresh,
    duplicates: records.length - fresh.length,
    otherContent,
    incidents: [...homes].map(([id, number]) => ({ id, number })),
    attach: handsOver ? await readLoose(tx, looseIds) : [],
  };
}

async function readLoose(tx: Tx, ids: string[]): Promise<LooseEvent[]> {
  if (ids.length === 0) return [];
  const rows = await tx.$queryRaw<LooseRow[]>`
    SELECT e.id, (extract(epoch FROM e.time) * 1000)::float8 AS at, e.raw_sha256, e.observables, s.name
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.id = ANY(${ids}::uuid[]) ORDER BY e.time, e.id`;
  return rows.map(asLoose);
}
