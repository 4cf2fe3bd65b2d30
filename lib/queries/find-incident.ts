import type { IncidentHead } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { hex } from "./shape.ts";
import { QUEUE_SELECT, queueRow } from "./queue-row.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One incident by its id, its number or `INC-000123`; null when there is none. A merged one says into which. */
export async function findIncident(db: Db, idOrNumber: string): Promise<IncidentHead | null> {
  const number = parseIncidentNumber(idOrNumber);
  const byId = UUID.test(idOrNumber);
  if (!byId && (number === null || number > 2_147_483_647)) return null;
  const found = await db.incident.findUnique({
    where: byId ? { id: idOrNumber.toLowerCase() } : { number: number! },
    select: {
      ...QUEUE_SELECT,
      version: true,
      evidenceRoot: true,
      claimsHash: true,
      firstEvidenceAt: true,
      lastEvidenceAt: true,
      evidenceCount: true,
      mergedIntoId: true,
    },
  });
  if (!found) return null;
  const survivor = found.mergedIntoId
    ? await db.incident.findUnique({
        where: { id: found.mergedIntoId },
        select: { id: true, number: true },
      })
    : null;
  return {
    ...queueRow(found),
    version: String(found.version),
    evidenceRoot: hex(found.evidenceRoot),
    claimsHash: hex(found.claimsHash),
    firstEvidenceAt: found.firstEvidenceAt?.toISOString() ?? null,
    lastEvidenceAt: found.lastEvidenceAt?.toISOString() ?? null,
    evidenceCount: found.evidenceCount,
    mergedInto: survivor && { id: survivor.id, number: incidentNumber(survivor.number) },
  };
}
