import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { ocsfFinding, type OcsfAlert, type OcsfClosure } from "#lib/domain/trail/ocsf.ts";
import { findTechnique, fullTechniqueName } from "#lib/grounding/attack-table.ts";
import type { BundleScope } from "#lib/trail/bundle/manifest.ts";
import { scopeCondition } from "./bundle-content.ts";

const STEP = 100;
/** Findings of one incident in its line; `evidence_count` says how many records there are. */
const ALERTS_MAX = 1_000;

/** One line of JSON for each incident that entries of the scope are filed under, by id, as it stands when it is read. */
export async function* ocsfLines(
  db: Db,
  { scope, end }: { scope: BundleScope; end: number },
): AsyncGenerator<string> {
  for (let after: string | null = null; ;) {
    const later: Prisma.Sql = after ? Prisma.sql`e.incident_id > ${after}::uuid` : Prisma.sql`true`;
    const ids: { id: string }[] = await db.$queryRaw`
      SELECT DISTINCT e.incident_id AS id FROM trail.entry e
      WHERE ${scopeCondition(scope)} AND e.seq < ${end}::bigint AND e.incident_id IS NOT NULL AND ${later}
      ORDER BY id LIMIT ${STEP}::int`;
    for (const { id } of ids) {
      const incident = await readIncident(db, id);
      yield JSON.stringify(ocsfFinding(incident));
    }
    after = ids.at(-1)?.id ?? null;
    if (ids.length < STEP) return;
  }
}

async function readIncident(db: Db, id: string) {
  const row = await db.incident.findUniqueOrThrow({
    where: { id },
    include: { assignee: { select: { id: true, name: true } } },
  });
  const alerts = await readAlerts(db, id);
  return {
    ...{ id, number: incidentNumber(row.number), title: row.title, assignee: row.assignee },
    severity: row.severity as Severity,
    status: row.status as IncidentStatus,
    openedAt: row.openedAt.getTime(),
    lastActivityAt: row.lastActivityAt.getTime(),
    closedAt: row.closedAt?.getTime() ?? null,
    firstEvidenceAt: row.firstEvidenceAt?.getTime() ?? null,
    lastEvidenceAt: row.lastEvidenceAt?.getTime() ?? null,
    evidence: { count: row.evidenceCount, root: hex(row.evidenceRoot) },
    alerts: alerts.map(({ techniques: _, ...alert }) => alert),
    closure:
      row.status === "closed" && row.closedBy !== null ? await readClosure(db, row.closedBy) : null,
    techniques: techniquesOf(alerts),
  };
}

type FoundAlert = OcsfAlert & { techniques: string[] };
type AlertRow = {
  id: string;
  position: number;
  title: string;
  source: string;
  time: Date | null;
  received_at: Date;
  raw_sha256: Uint8Array;
  techniques: string[];
};

async function readAlerts(db: Db, incidentId: string): Promise<FoundAlert[]> {
  const rows = await db.$queryRaw<AlertRow[]>`
    SELECT v.id, v.position, v.title, s.name AS source, v.time, v.received_at, v.raw_sha256,
      ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(v.fields -> 'technique') WHEN 'array' THEN v.fields -> 'technique' ELSE '[]' END)) AS techniques
    FROM evidence_item v JOIN source s ON s.id = v.source_id
    WHERE v.incident_id = ${incidentId}::uuid AND v.kind = 'alert' ORDER BY v.position LIMIT ${ALERTS_MAX}::int`;
  return rows.map(({ id, position, title, source, time, techniques, ...row }) => ({
    ...{ id, title, source, techniques, label: `E${position}` },
    time: time?.getTime() ?? null,
    receivedAt: row.received_at.getTime(),
    sha256: hex(row.raw_sha256),
  }));
}

/** Those that ATT&CK has; a word of a source that is none is not passed on as one. */
function techniquesOf(alerts: readonly FoundAlert[]): { id: string; name: string }[] {
  const named = new Set(alerts.flatMap(({ techniques }) => techniques));
  return [...named].toSorted().flatMap((given) => {
    const technique = findTechnique(given);
    return technique ? [{ id: technique.id, name: fullTechniqueName(technique) }] : [];
  });
}

async function readClosure(db: Db, id: string): Promise<OcsfClosure | null> {
  const row = await db.decision.findUnique({
    where: { id },
    select: { id: true, state: true, content: true, statementSha256: true },
  });
  const content = row?.content as unknown as DecisionContent | undefined;
  if (!row || row.state !== "in_effect" || content?.kind !== "closure") return null;
  const signed = await db.$queryRaw<SignedRow[]>`
    SELECT p.id, p.name, s.role, s.assurance, s.at FROM sign_off s JOIN person p ON p.id = s.person_id
    WHERE s.decision_id = ${id}::uuid AND s.outcome = 'approved' ORDER BY s.at, p.id`;
  const { classification, classificationReason, determination, reason } = content;
  return {
    ...{ decision: id, classification, classificationReason, determination, reason },
    statementSha256: hex(row.statementSha256),
    signedBy: signed.map(({ at, ...by }) => ({ ...by, at: at.getTime() })),
  };
}

type SignedRow = { id: string; name: string; role: string; assurance: string; at: Date };

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
