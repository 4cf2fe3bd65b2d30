import type { Db } from "#lib/db/prisma.ts";
import { notFound } from "#lib/domain/problem.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import type { IncidentHead } from "#lib/contracts/views.ts";

/** The incident a door was asked about, by id or number; a merged one answers as its survivor. */
export async function incidentOf(db: Db, idOrNumber: string): Promise<IncidentHead> {
  const incident = await findIncident(db, idOrNumber);
  if (!incident) {
    throw notFound("incident");
  }
  return incident.mergedInto ? incidentOf(db, incident.mergedInto.id) : incident;
}
