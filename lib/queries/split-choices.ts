import type { SplitChoices } from "#lib/contracts/split-views.ts";
import { SPLIT_RECORDS_MAX } from "#lib/contracts/split-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import { splitRefusal } from "#lib/domain/incident/split.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { iso } from "./shape.ts";

type Row = {
  id: string;
  position: number;
  title: string;
  severity: Severity | null;
  source: string;
  at: Date;
};

/** The alerts of an incident, by place, and why none of its records may go where that is so. Two statements. */
export async function splitChoices(db: Db, incidentId: string): Promise<SplitChoices> {
  const [refused, rows] = await Promise.all([
    db.$queryRaw<{ code: string | null }[]>`
      SELECT gate.split_refusal(${incidentId}::uuid, NULL) AS code`,
    db.$queryRaw<Row[]>`
      SELECT e.id, e.position, e.title, e.severity, s.name AS source, coalesce(e.time, e.received_at) AS at
      FROM evidence_item e JOIN source s ON s.id = e.source_id
      WHERE e.incident_id = ${incidentId}::uuid AND e.kind = 'alert'
      ORDER BY e.position LIMIT ${SPLIT_RECORDS_MAX + 1}::int`,
  ]);
  const code = refused[0]?.code;
  return {
    mayNotSplit: code ? splitRefusal(code).sentence : null,
    alerts: rows.slice(0, SPLIT_RECORDS_MAX).map(({ position, at, ...alert }) => ({
      ...alert,
      label: evidenceLabel(position),
      at: iso(at),
    })),
    more: rows.length > SPLIT_RECORDS_MAX,
  };
}
