import { transact, appendTrail } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { SourceFormat } from "#lib/domain/evidence/record.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { actorText } from "./actor.ts";
import { keepLetters, LETTER_ROOM, NOT_KEPT, storeDeadLetters } from "./ingest/dead-letters.ts";
import type { LetterRoom } from "./ingest/dead-letters.ts";
import { findDuplicates } from "./ingest/find-duplicates.ts";
import { isPrepared, prepareRecord } from "./ingest/prepare.ts";
import type {
  IncomingRecord,
  Normalise,
  PreparedRecord,
  RejectedRecord,
} from "./ingest/prepare.ts";
import { settleBatch } from "./ingest/settle-batch.ts";

export type IngestInput = {
  source: { id: string; name: string };
  format: SourceFormat;
  /** `?incident=KEY`: every record belongs to this incident of the source. */
  incidentKey: string | null;
  /** A record that could not be cut out of the body carries `error`. */
  records:
    | AsyncIterable<IncomingRecord & { error?: string }>
    | Iterable<IncomingRecord & { error?: string }>;
  normalise: Normalise;
};

export type IngestResult = {
  accepted: number;
  duplicates: number;
  rejected: { index: number; reason: string }[];
  /** How many more were refused than are listed; absent when all are. */
  rejectedMore?: number;
  /** Of how many refused records, or duplicates with other content, the bytes were not kept; absent when of none. */
  notKept?: number;
  incidents: { number: string; id: string }[];
  /** How many more incidents took records than are listed; absent when all are. */
  incidentsMore?: number;
};

/** A stream has no end, its answer has one: beyond so many, what would be listed is counted. */
export const LISTED_MAX = 10_000;

/** A batch is one transaction: a stream of any length is committed piece by piece. */
export const BATCH_RECORDS = 2_000;
const BATCH_BYTES = 8 * 1024 * 1024;
const RECORDS_PER_TURN = 50;

/** Batches are planned one at a time, so that two sources which report the same attack at once open one incident. */
const INGEST_LOCK = 0x6367_6e31;

/**
 * Takes records in. Idempotent on source and record id (or digest); good records go in when others are
 * refused. A stream that breaks off keeps the batches before the break.
 */
export async function ingestRecords(db: Db, input: IngestInput): Promise<IngestResult> {
  const answer = new Answer();
  let room = LETTER_ROOM;
  const ahead = batches(input)[Symbol.asyncIterator]();
  for (let next = ahead.next(); ;) {
    const { value: batch, done } = await next;
    if (done) break;
    // The next batch is parsed while the database works on this one.
    const roomBefore = room;
    const settling = transact(db, { kind: "source" }, (tx) =>
      ingestBatch(tx, input, batch, roomBefore),
    );
    next = ahead.next();
    next.catch(() => undefined);
    const settled = await settling;
    room = settled.room;
    answer.add(settled, batch.rejected);
  }
  return answer.result();
}

/** What became of the batches so far, in bounded memory. */
class Answer {
  #accepted = 0;
  #duplicates = 0;
  readonly #rejected: { index: number; reason: string }[] = [];
  #rejectedMore = 0;
  #notKept = 0;
  readonly #incidents = new Map<string, number>();
  readonly #unlisted = new Set<string>();

  add(settled: Settled, rejected: readonly RejectedRecord[]): void {
    this.#accepted += settled.accepted;
    this.#duplicates += settled.duplicates;
    const room = LISTED_MAX - this.#rejected.length;
    for (const { index, reason } of rejected.slice(0, room)) {
      this.#rejected.push({
        index,
        reason: settled.lost.has(index) ? `${reason}; ${NOT_KEPT}` : reason,
      });
    }
    this.#notKept += settled.lost.size;
    this.#rejectedMore += Math.max(0, rejected.length - room);
    for (const { id, number } of settled.incidents) {
      if (this.#incidents.has(id) || this.#incidents.size < LISTED_MAX)
        this.#incidents.set(id, number);
      else this.#unlisted.add(id);
    }
    for (const id of settled.merged) if (!this.#incidents.delete(id)) this.#unlisted.delete(id);
  }

  result(): IngestResult {
    return {
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      ...(this.#rejectedMore > 0 && { rejectedMore: this.#rejectedMore }),
      ...(this.#notKept > 0 && { notKept: this.#notKept }),
      incidents: [...this.#incidents].map(([id, number]) => ({
        number: incidentNumber(number),
        id,
      })),
      ...(this.#unlisted.size > 0 && { incidentsMore: this.#unlisted.size }),
    };
  }
}

type PreparedBatch = { prepared: PreparedRecord[]; rejected: RejectedRecord[] };

async function* batches({ records, format, normalise }: IngestInput): AsyncIterable<PreparedBatch> {
  let batch: PreparedBatch = { prepared: [], rejected: [] };
  let bytes = 0;
  let seen = 0;
  for await (const raw of records) {
    seen += 1;
    // A turn for the transaction that runs beside.
    if (seen % RECORDS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    const record =
      raw.error === undefined
        ? prepareRecord(raw, format, normalise)
        : { ...raw, reason: raw.error };
    if (isPrepared(record)) batch.prepared.push(record);
    else batch.rejected.push(record);
    bytes += raw.bytes.length;
    const full =
      batch.prepared.length + batch.rejected.length >= BATCH_RECORDS || bytes >= BATCH_BYTES;
    if (!full) continue;
    yield batch;
    batch = { prepared: [], rejected: [] };
    bytes = 0;
  }
  if (batch.prepared.length + batch.rejected.length > 0) yield batch;
}

type Settled = {
  accepted: number;
  duplicates: number;
  incidents: { id: string; number: number }[];
  merged: string[];
  /** Indexes of the records whose bytes found no room among the dead letters. */
  lost: Set<number>;
  room: LetterRoom;
};

async function ingestBatch(
  tx: Tx,
  input: IngestInput,
  batch: PreparedBatch,
  room: LetterRoom,
): Promise<Settled> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${INGEST_LOCK}::bigint)::text`;
  const { source, incidentKey } = input;
  const known = await findDuplicates(tx, source.id, batch.prepared, incidentKey !== null);
  const letters = keepLetters(room, [...batch.rejected, ...known.otherContent]);
  await storeDeadLetters(tx, source.id, letters.kept);
  const actor = actorText({ kind: "source", id: source.id });
  const { incidents, merged } = await settleBatch(tx, {
    source,
    actor,
    requestKey: incidentKey,
    records: known.fresh,
    attach: known.attach,
  });
  const payload = {
    accepted: known.fresh.length,
    duplicates: known.duplicates,
    incidentKey,
    ...(letters.lost.size > 0 && { notKept: letters.lost.size }),
    rejected: batch.rejected.length,
    // over the digests of the accepted records, in their order
    sha256: sha256(...known.fresh.map((record) => record.sha256)).toString("hex"),
    source: source.name,
  };
  await appendTrail(tx, { kind: "alert.ingested", actor, incidentId: null, payload });
  return {
    accepted: known.fresh.length,
    duplicates: known.duplicates,
    incidents: [...incidents, ...known.incidents],
    merged,
    lost: letters.lost,
    room: letters.left,
  };
}
