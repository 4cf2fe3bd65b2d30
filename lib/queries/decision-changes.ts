import type { Db } from "#lib/db/prisma.ts";
import type { DecisionChangesView } from "#lib/contracts/review-views.ts";
import type { DecisionView } from "#lib/contracts/views.ts";
import type { IncidentFacts } from "#lib/domain/decision/decision.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { RecordKind } from "#lib/domain/evidence/record.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import { isTrailKind } from "#lib/trail/kinds.ts";
import { trailSentence } from "#lib/trail/sentences.ts";

const RECORDS_SHOWN = 10;
const ENTRIES_SHOWN = 20;

/** What can move the facts that a statement froze. */
const CHANGING = [
  "summary.issued",
  "summary.reverified",
  "claim.reviewed",
  "verdict.set",
  "incident.assigned",
  "incident.status_changed",
  "incident.merged",
  "incident.unmerged",
  "incident.split",
  "incident.unsplit",
  "decision.took_effect",
];

const NONE: DecisionChangesView = { records: [], recordCount: 0, entries: [] };

/**
 * What came in and what was done to the incident after the statement was frozen. Only while a signature is or was
 * asked for on facts that have moved: otherwise nothing is read. At most two statements.
 */
export async function decisionChanges(
  db: Db,
  decision: Pick<DecisionView, "state" | "incidentId" | "statement" | "proposedAt">,
  facts: IncidentFacts,
): Promise<DecisionChangesView> {
  const statement = JSON.parse(decision.statement) as Statement;
  if ((decision.state !== "proposed" && decision.state !== "stale") || holds(statement, facts))
    return NONE;
  const since = statement.evidence.count;
  const [records, entries] = await Promise.all([
    readRecords(db, decision.incidentId, since),
    readEntries(db, decision),
  ]);
  return { records, recordCount: Math.max(facts.evidenceCount - since, records.length), entries };
}

function holds({ incident, evidence, claims }: Statement, facts: IncidentFacts): boolean {
  return (
    incident.version === facts.version &&
    evidence.root === facts.evidenceRoot &&
    claims.hash === facts.claimsHash
  );
}

type RecordRow = { id: string; position: number; kind: RecordKind; title: string };

async function readRecords(
  db: Db,
  incidentId: string,
  since: number,
): Promise<DecisionChangesView["records"]> {
  const rows = await db.$queryRaw<RecordRow[]>`
    SELECT id, position, kind, title FROM evidence_item
    WHERE incident_id = ${incidentId}::uuid AND position > ${since}::int
    ORDER BY kind <> 'alert', position LIMIT ${RECORDS_SHOWN}::int`;
  return rows.map(({ id, position, kind, title }) => ({
    evidenceId: id,
    label: evidenceLabel(position),
    kind,
    title,
  }));
}

type EntryRow = { seq: bigint; at: Date; kind: string; who: string; bytes: Uint8Array | null };

async function readEntries(
  db: Db,
  { incidentId, proposedAt }: Pick<DecisionView, "incidentId" | "proposedAt">,
): Promise<DecisionChangesView["entries"]> {
  const rows = await db.$queryRaw<EntryRow[]>`
    SELECT e.seq, e.at, e.kind, coalesce(p.name, split_part(e.actor, ':', 2)) AS who, y.bytes
    FROM trail.entry e LEFT JOIN trail.payload y ON y.seq = e.seq LEFT JOIN person p ON e.actor = 'person:' || p.id
    WHERE e.incident_id = ${incidentId}::uuid AND e.at > ${proposedAt}::timestamptz AND e.kind = ANY (${CHANGING}::text[])
    ORDER BY e.seq LIMIT ${ENTRIES_SHOWN}::int`;
  return rows.map(({ seq, at, kind, who, bytes }) => {
    const payload: unknown = bytes ? JSON.parse(Buffer.from(bytes).toString("utf8")) : {};
    return {
      seq: Number(seq),
      at: at.toISOString(),
      who,
      sentence: isTrailKind(kind) ? trailSentence(kind, payload) : kind,
      claims: claimsOf(payload as Payload),
    };
  });
}

type Payload = { claim?: string; moved?: { claim: string; from: Standing; to: Standing }[] };

function claimsOf({
  claim,
  moved = [],
}: Payload): DecisionChangesView["entries"][number]["claims"] {
  if (claim !== undefined) return [{ id: claim, from: null, to: null }];
  return moved.map(({ claim: id, from, to }) => ({ id, from, to }));
}
