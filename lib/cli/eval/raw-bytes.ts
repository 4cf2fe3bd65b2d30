/** Whether what is stored is what was sent, byte for byte, for every record of every file. */
import { createHash } from "node:crypto";
import type { Db } from "#lib/db/prisma.ts";
import { recordLines } from "./count-records.ts";
import type { SampleFile } from "./sample-files.ts";

export type ByteFindings = {
  /** Stored records that were looked at. */
  items: number;
  /** The digest in the row is not the digest of the bytes in the row. */
  wrongDigests: string[];
  /** Stored bytes that are no whole record of a file of their incident. */
  notInFile: string[];
  /** Lines of line-delimited files whose bytes are neither evidence nor a dead letter. */
  lines: number;
  lostLines: string[];
  /** Records answered as duplicates whose bytes differ from the stored record of that id; kept as dead letters. */
  otherContent: string[];
};

type Row = { id: string; path: string; sha256: string; right: boolean };

const PAGE = 20_000;

/** Reads digests as the database computes them from the stored bytes, and the files for themselves. */
export async function checkBytes(db: Db, files: SampleFile[]): Promise<ByteFindings> {
  const found: ByteFindings = {
    items: 0,
    wrongDigests: [],
    notInFile: [],
    lines: 0,
    lostLines: [],
    otherContent: [],
  };
  const byPath = new Map(files.map((file) => [file.path, file]));
  const digests = new Map<string, Set<string>>();
  for (const file of files) {
    if (file.container === "lines")
      digests.set(file.path, new Set([...recordLines(file.bytes)].map(([line]) => sha256(line))));
  }
  const letters = await readDeadLetters(db);
  const known = new Set(letters.map((letter) => letter.sha256));
  const colliding = new Set(
    letters.flatMap((letter) => (letter.reason.startsWith("same id as ") ? letter.sha256 : [])),
  );
  for await (const row of storedRows(db)) {
    found.items += 1;
    known.add(row.sha256);
    if (!row.right) found.wrongDigests.push(row.id);
    const lines = digests.get(row.path);
    const file = byPath.get(row.path);
    const isThere = lines?.has(row.sha256) || (file ? await isCutFrom(db, row, file) : false);
    if (!isThere) found.notInFile.push(`${row.path} ${row.id}`);
  }
  for (const file of files) {
    if (file.container !== "lines") continue;
    for (const [line, number] of recordLines(file.bytes)) {
      found.lines += 1;
      const digest = sha256(line);
      if (!known.has(digest)) found.lostLines.push(`${file.path}:${number}`);
      if (colliding.has(digest)) found.otherContent.push(`${file.path}:${number}`);
    }
  }
  return found;
}

/** The file that each record was posted in is the key of its incident. */
async function* storedRows(db: Db): AsyncGenerator<Row> {
  for (let after = "00000000-0000-0000-0000-000000000000"; ;) {
    const rows = await db.$queryRaw<Row[]>`
      SELECT e.id, coalesce(i.source_key, '') AS path, encode(sha256(e.raw), 'hex') AS sha256, sha256(e.raw) = e.raw_sha256 AS "right"
      FROM evidence_item e LEFT JOIN incident i ON i.id = e.incident_id
      WHERE e.id > ${after}::uuid ORDER BY e.id LIMIT ${PAGE}::int`;
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

function readDeadLetters(db: Db): Promise<{ reason: string; sha256: string }[]> {
  return db.$queryRaw`SELECT DISTINCT reason, encode(sha256(raw), 'hex') AS sha256 FROM dead_letter`;
}

async function isCutFrom(db: Db, row: Row, file: SampleFile): Promise<boolean> {
  const { raw } = await db.evidenceItem.findUniqueOrThrow({
    where: { id: row.id },
    select: { raw: true },
  });
  return hasSpan(file.bytes, Buffer.from(raw), row.sha256);
}

/** True when `span` stands in `bytes` as a value of its own, and the bytes there have its digest. */
export function hasSpan(bytes: Buffer, span: Buffer, digest: string): boolean {
  for (let at = bytes.indexOf(span); at !== -1; at = bytes.indexOf(span, at + 1)) {
    const end = at + span.length;
    if (isBorder(bytes[at - 1]) && isBorder(bytes[end]))
      return sha256(bytes.subarray(at, end)) === digest;
  }
  return false;
}

const BORDERS = new Set<number | undefined>([undefined, ...Buffer.from(" \t\r\n,[]:}\uFEFF")]);

function isBorder(byte: number | undefined): boolean {
  return BORDERS.has(byte);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
