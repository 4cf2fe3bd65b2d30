import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import type { BundleScope } from "#lib/trail/bundle/manifest.ts";
import { trailRows, type TrailRow } from "./trail-rows.ts";

export type SealedLog = { size: number; note: string };

/** The newest checkpoint with the lines of its witnesses; null while there is none. */
export async function newestCheckpoint(db: Db): Promise<SealedLog | null> {
  const [row] = await db.$queryRaw<{ size: bigint; note: string }[]>`
    SELECT c.size, c.note || coalesce((SELECT string_agg(w.line, '' ORDER BY w.witness) FROM trail.cosignature w WHERE w.size = c.size), '') AS note
    FROM trail.checkpoint c ORDER BY c.size DESC LIMIT 1`;
  return row ? { size: Number(row.size), note: row.note } : null;
}

/** Which entries a scope takes, over `e`. */
export function scopeCondition(scope: BundleScope): Prisma.Sql {
  switch (scope.kind) {
    case "log":
      return Prisma.sql`true`;
    case "incident":
      return Prisma.sql`e.incident_id = ${scope.incident}::uuid`;
    case "period":
      return Prisma.sql`e.seq BETWEEN ${scope.from}::bigint AND ${scope.to}::bigint`;
    case "person":
      return Prisma.sql`e.actor = ${`person:${scope.person}`}`;
    case "model":
      return Prisma.sql`e.seq IN (SELECT m.seq FROM trail.entry_model m WHERE m.model = ${scope.model})`;
    case "prompt":
      return Prisma.sql`e.seq IN (SELECT m.seq FROM trail.entry_model m WHERE m.prompt = ${scope.prompt})`;
  }
}

const LEAF_STEP = 5_000;

/** The leaves of the first `size` entries, in order. */
export async function* leavesOf(db: Db, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < size; from += LEAF_STEP) {
    const rows = await db.$queryRaw<{ leaf: Uint8Array }[]>`
      SELECT leaf FROM trail.entry WHERE seq >= ${from}::bigint AND seq < ${Math.min(size, from + LEAF_STEP)}::bigint
      ORDER BY seq`;
    for (const { leaf } of rows) yield Buffer.from(leaf);
  }
}

/** What the entries of a scope rest on and what may stand outside it. */
export type Rests = {
  seqs: Set<number>;
  decisions: Set<string>;
  passkeys: Set<string>;
};

/** The proposals of these decisions, the enrolments of these passkeys and these entries, in the order of the log. */
export async function supportRows(db: Db, rests: Rests, end: number): Promise<TrailRow[]> {
  const condition = Prisma.sql`(e.seq = ANY (${[...rests.seqs]}::bigint[])
    OR (e.kind = 'decision.proposed' AND (e.incident_id, e.actor) IN (
          SELECT d.incident_id, 'person:' || d.proposer_id FROM decision d WHERE d.id = ANY (${[...rests.decisions]}::uuid[])))
    OR (e.kind = 'passkey.enrolled' AND e.actor IN (
          SELECT 'person:' || k.person_id FROM passkey k WHERE k.id = ANY (${[...rests.passkeys]}::uuid[]))))`;
  const rows: TrailRow[] = [];
  for await (const row of trailRows(db, { condition, end })) {
    const { decision, passkey } = JSON.parse(row.payload ?? "{}") as Record<string, unknown>;
    const isMeant =
      rests.seqs.has(row.seq) ||
      (row.kind === "decision.proposed" && rests.decisions.has(String(decision))) ||
      (row.kind === "passkey.enrolled" && rests.passkeys.has(String(passkey)));
    if (isMeant) rows.push(row);
  }
  return rows;
}

/** One line of canonical JSON for each sign-off, with the assertion as the authenticator gave it. */
export async function signOffLines(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db.signOff.findMany({
    where: { id: { in: [...ids] } },
    orderBy: { id: "asc" },
    select: {
      id: true,
      decisionId: true,
      personId: true,
      role: true,
      outcome: true,
      assurance: true,
      at: true,
      passkeyId: true,
      authenticatorData: true,
      clientDataJson: true,
      signature: true,
    },
  });
  return rows.map((row) =>
    canonicalJson({
      assurance: row.assurance,
      at: row.at.toISOString(),
      authenticatorData: base64(row.authenticatorData),
      clientDataJson: base64(row.clientDataJson),
      decision: row.decisionId,
      outcome: row.outcome,
      passkey: row.passkeyId,
      person: row.personId,
      role: row.role,
      signOff: row.id,
      signature: base64(row.signature),
    }),
  );
}

/** The same for the second reviews of these decisions that are signed, with the statement each is over. */
export async function secondReviewLines(db: Db, decisions: readonly string[]): Promise<string[]> {
  const rows = await db.secondReview.findMany({
    where: { decisionId: { in: [...decisions] }, assurance: { not: null } },
    orderBy: { decisionId: "asc" },
  });
  return rows.map((row) =>
    canonicalJson({
      assurance: row.assurance,
      at: row.at?.toISOString() ?? null,
      authenticatorData: base64(row.authenticatorData),
      clientDataJson: base64(row.clientDataJson),
      outcome: row.outcome,
      passkey: row.passkeyId,
      person: row.reviewerId,
      role: row.role,
      secondReview: row.decisionId,
      signature: base64(row.signature),
      statement: row.statement,
    }),
  );
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString("base64");
}

export type NamedBytes = { name: string; bytes: Uint8Array };
const EVIDENCE_STEP = 50;

export type EvidenceItemBytes = { id: string; position: number; sha256: string; raw: Uint8Array };

type LeafRow = { id: string; position: number; raw_sha256: Uint8Array; raw: Uint8Array };

/**
 * The first `count` leaves under an incident's root by position, with their raw bytes: its records, those that went to
 * an incident of their own since, and the documents of such splits.
 */
export async function* evidenceOf(
  db: Db,
  { incidentId, count }: { incidentId: string; count: number },
): AsyncGenerator<EvidenceItemBytes> {
  for (let after = 0; after < count; after += EVIDENCE_STEP) {
    const rows = await db.$queryRaw<LeafRow[]>`
      SELECT id, position, raw_sha256, raw FROM evidence_leaf
      WHERE incident_id = ${incidentId}::uuid AND position > ${after}::int AND position <= ${Math.min(count, after + EVIDENCE_STEP)}::int
      ORDER BY position`;
    for (const { id, position, raw_sha256: sha256, raw } of rows)
      yield { id, position, sha256: Buffer.from(sha256).toString("hex"), raw };
  }
}

/** Each version of the incident's claims, as it was issued. */
export async function* claimFiles(db: Db, incidentId: string): AsyncGenerator<NamedBytes> {
  const summaries = await db.summary.findMany({
    where: { incidentId },
    orderBy: [{ origin: "asc" }, { version: "asc" }],
    include: {
      claims: { orderBy: { ordinal: "asc" }, include: { citations: true, reviews: true } },
    },
  });
  for (const summary of summaries)
    yield { name: `claims/${summary.origin}-v${summary.version}.json`, bytes: jsonBytes(summary) };
}

/** What models were asked about the incident and what they answered. */
export async function* modelRunFiles(db: Db, incidentId: string): AsyncGenerator<NamedBytes> {
  const runs = await db.modelRun.findMany({
    where: { incidentId },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  for (const { id } of runs) {
    const run = await db.modelRun.findUniqueOrThrow({
      where: { id },
      select: {
        id: true,
        kind: true,
        model: true,
        state: true,
        promptVersionId: true,
        request: true,
        requestSha256: true,
        params: true,
        response: true,
        stopReason: true,
        requestId: true,
        usage: true,
        startedAt: true,
        finishedAt: true,
      },
    });
    yield { name: `model/${id}.json`, bytes: jsonBytes(run) };
  }
}

function jsonBytes(value: unknown): Buffer {
  const text = JSON.stringify(
    value,
    (_, part: unknown) => {
      if (typeof part === "bigint") return String(part);
      return part instanceof Uint8Array ? Buffer.from(part).toString("hex") : part;
    },
    2,
  );
  return Buffer.from(`${text}\n`);
}
