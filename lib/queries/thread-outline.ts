import type { ActEntry, ThreadFilter, ThreadOutline } from "#lib/contracts/thread-views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { foldRepeats } from "#lib/domain/thread/fold-repeats.ts";
import type { RecordStream } from "#lib/domain/thread/fold-repeats.ts";
import { glimpse } from "#lib/domain/thread/glimpse.ts";
import { daysIn, utcDay } from "#lib/domain/thread/days.ts";
import type { DayOf } from "#lib/domain/thread/days.ts";
import { differencesOf, layRows } from "#lib/domain/thread/thread-rows.ts";
import type { Fold } from "#lib/domain/thread/thread-rows.ts";
import { choose } from "./list-thread.ts";
import { actEntry } from "./thread-entries.ts";
import { threadRecords } from "./thread-records.ts";
import { StreamCache } from "./stream-cache.ts";
import { actsSql, recordFilter, wantsActs, wantsRecords } from "./thread-sql.ts";
import type { ActRow, Chosen } from "./thread-sql.ts";

/** As many records as one thread shows; of more it says so, and filters reach the rest. */
const OUTLINE_RECORDS_MAX = 250_000;
/** As many acts, the newest: what was done last is what the next reader works on. */
export const OUTLINE_ACTS_MAX = 2_000;
/** Lines whose words come with the outline. */
const FIRST_ROWS = 80;

type Given = { incidentId: string; filter: ThreadFilter };
/** `around`: the id of the record the reader comes for. `folded`: whether repeats stand as one line. */
/** `zone`: where the reader's days begin, by its IANA name; UTC where there is none. */
type Seen = Given & { around: string | null; folded: boolean; zone?: string | null };

/**
 * The whole of an incident's thread under a filter: which record stands where, which repeats fold, and what was done
 * in between. Two statements without a filter: the records' by their index alone, in the order of the thread.
 */
export async function threadOutline(db: Db, given: Given): Promise<ThreadOutline> {
  const outline = await wholeOutline(db, { ...given, around: null });
  return { ...outline, rows: await firstRows(db, given.incidentId, outline) };
}

/** The part of it that the first paint needs, with the number of lines before and after. */
export async function threadGlimpse(db: Db, given: Seen): Promise<ThreadOutline> {
  const outline = await wholeOutline(db, given);
  const laid = given.folded ? outline : { ...outline, folds: [] };
  const dayOf = daysIn(given.zone ?? null);
  const seen = glimpse(laid, outline.around?.position ?? null, dayOf);
  return { ...seen, rows: await firstRows(db, given.incidentId, seen, dayOf) };
}

type Whole = Omit<ThreadOutline, "rows">;

async function wholeOutline(
  db: Db,
  { incidentId, filter: asked, around }: Omit<Seen, "folded">,
): Promise<Whole> {
  const { filter, where } = await choose(db, incidentId, asked);
  const [stream, acts, position] = await Promise.all([
    wantsRecords(filter) ? streamOf(db, incidentId, filter) : NOTHING,
    wantsActs(filter) ? readActs(db, incidentId, filter) : NO_ACTS,
    around === null ? null : positionOf(db, incidentId, around),
  ]);
  const { positions, times } = stream;
  const placed = acts.entries.map((entry) => ({
    before: countUpTo(times, Date.parse(entry.time)),
    entry,
  }));
  const seconds = Array.from(times, (time) => Math.floor(time / 1000));
  const befores = placed.map(({ before }) => before);
  const folds = hidesWhatIsBetween(asked) ? [] : foldRepeats(stream, befores);
  // what was done before the first act that is told is not known, so nothing folds across it
  const known = acts.capped ? folds.filter(([at]) => at! >= befores[0]!) : folds;
  return {
    positions: differencesOf(positions),
    seconds: differencesOf(seconds),
    folds: known.map((members): Fold => {
      const at = members[0]!;
      const until = seconds[members.at(-1)!]!;
      const head = positions[at]!;
      return { at, head, count: members.length, until, members: differencesOf(members) };
    }),
    acts: placed,
    ...{ above: 0, below: 0, dayBefore: null },
    records: positions.length,
    capped: stream.capped,
    actsCapped: acts.capped,
    where,
    around: around !== null && position !== null ? { evidenceId: around, position } : null,
  };
}

/**
 * Whether alerts or acts that stand between two repeats can be missing under a filter: they would fold across them.
 * Under a query there is another reason: whoever follows a count wants to see what was counted. A span of time hides
 * nothing between two of its records.
 */
function hidesWhatIsBetween(filter: ThreadFilter): boolean {
  const { kinds, sources, severity, q, where, entity, pinned } = filter;
  if (kinds?.length || sources?.length || severity || q || pinned) return true;
  return where !== undefined || entity !== undefined;
}

type Stream = RecordStream & { capped: boolean };

const NOTHING: Stream = {
  positions: new Int32Array(),
  times: new Float64Array(),
  shapes: [],
  walls: new Uint8Array(),
  capped: false,
};

/** One record: position (4 bytes), microseconds since 2000 (8), whether it is a finding (1), shape (16). */
const WIDTH = 29;
const SINCE_2000 = Date.UTC(2000, 0, 1);

/** Records of which the streams are kept that were read last: some 50 bytes each. */
const KEPT_RECORDS_MAX = 1_000_000;
const kept = new StreamCache<Stream>(KEPT_RECORDS_MAX);

/** The records under a filter; without one, as they were read last when none came or went since. */
async function streamOf(
  db: Db,
  incidentId: string,
  filter: ThreadFilter & Chosen,
): Promise<Stream> {
  const isWhole = Object.values(filter).every((value) => value === undefined || value === null);
  const before = isWhole ? kept.get(incidentId) : null;
  const [row] = await db.$queryRaw<{ root: string; same: boolean; packed: string | null }[]>(
    streamSql(incidentId, filter, { limit: OUTLINE_RECORDS_MAX + 1, root: before?.root ?? "" }),
  );
  if (!row) return NOTHING;
  if (before && row.same) return before.value;
  const value = unpacked(row.packed ?? "");
  if (isWhole) kept.set(incidentId, { root: row.root, value, records: value.positions.length });
  return value;
}

function unpacked(text: string): Stream {
  const packed = Buffer.from(text, "base64");
  const all = packed.length / WIDTH;
  const capped = all > OUTLINE_RECORDS_MAX;
  const count = capped ? OUTLINE_RECORDS_MAX : all;
  const stream = {
    positions: new Int32Array(count),
    times: new Float64Array(count),
    shapes: Array.from<string>({ length: count }),
    walls: new Uint8Array(count),
    capped,
  };
  for (let index = 0; index < count; index += 1) {
    const at = index * WIDTH;
    const micros = packed.readInt32BE(at + 4) * 4_294_967_296 + packed.readUInt32BE(at + 8);
    const shape = packed.toString("latin1", at + 13, at + WIDTH);
    stream.positions[index] = packed.readInt32BE(at);
    stream.times[index] = SINCE_2000 + Math.floor(micros / 1000);
    stream.walls[index] = packed[at + 12]!;
    stream.shapes[index] = shape === NO_SHAPE ? "" : shape;
  }
  return stream;
}

const NO_SHAPE = "\0".repeat(16);

/**
 * Every record as bytes, one value for all: rows would take longer to pass than to find. None where the root over the
 * records is still this one; root and records are of the same moment.
 */
function streamSql(
  incidentId: string,
  filter: ThreadFilter & Chosen,
  { limit, root }: { limit: number; root: string },
): Prisma.Sql {
  const packed = Prisma.sql`
    SELECT translate(encode(string_agg(
      int4send(r.position) || timestamptz_send(r.at)
        || CASE WHEN r.kind = 'event' THEN '\\x00'::bytea ELSE '\\x01'::bytea END
        || coalesce(uuid_send(r.shape), decode(repeat('00', 16), 'hex')),
      ''::bytea ORDER BY r.at, r.position), 'base64'), E'\\n', '')
    FROM (
      SELECT e.position, coalesce(e.time, e.received_at) AS at, e.kind, e.shape
      FROM evidence_item e
      WHERE e.incident_id = ${incidentId}::uuid ${recordFilter(filter)}
      ORDER BY coalesce(e.time, e.received_at), e.position
      LIMIT ${limit}
    ) r`;
  return Prisma.sql`
    SELECT i.root, i.root = ${root} AS same, CASE WHEN i.root <> ${root} THEN (${packed}) END AS packed
    FROM (SELECT encode(evidence_root, 'hex') AS root FROM incident WHERE id = ${incidentId}::uuid) AS i`;
}

type Acts = { entries: ActEntry[]; capped: boolean };

const NO_ACTS: Acts = { entries: [], capped: false };

async function readActs(db: Db, incidentId: string, filter: ThreadFilter & Chosen): Promise<Acts> {
  const page = { seek: null, direction: "before", limit: OUTLINE_ACTS_MAX + 1 } as const;
  const rows = await db.$queryRaw<ActRow[]>(actsSql(incidentId, filter, page));
  const entries = rows.slice(0, OUTLINE_ACTS_MAX).map(actEntry).toReversed();
  return { entries, capped: rows.length > OUTLINE_ACTS_MAX };
}

async function positionOf(db: Db, incidentId: string, evidenceId: string): Promise<number | null> {
  const item = await db.evidenceItem.findUnique({
    where: { id: evidenceId, incidentId },
    select: { position: true },
  });
  return item?.position ?? null;
}

/** How many of the times, which ascend, are not after this one. */
function countUpTo(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function firstRows(db: Db, incidentId: string, outline: Whole, dayOf: DayOf = utcDay) {
  const rows = layRows(outline, new Set(), dayOf);
  const middle = outline.around ? (rows.rowOf(outline.around.position) ?? 0) : outline.above;
  const from = Math.max(outline.above, middle - FIRST_ROWS / 2);
  const positions: number[] = [];
  for (let row = from; row < Math.min(rows.count, from + FIRST_ROWS); row += 1) {
    const line = rows.at(row);
    if (line.kind === "record" || line.kind === "fold") positions.push(line.position);
  }
  return threadRecords(db, incidentId, positions);
}
