import type { Db } from "#lib/db/prisma.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { incidentRuns } from "#lib/queries/incident-runs.ts";
import { readIncidentWork } from "#lib/queries/incident-work.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { listSavedViews } from "#lib/queries/list-saved-views.ts";
import { queueCounts } from "#lib/queries/queue-counts.ts";
import { readIncidentPage } from "#lib/queries/read-incident-page.ts";
import { sealState } from "#lib/queries/seal-state.ts";
import { threadGlimpse } from "#lib/queries/thread-outline.ts";
import { unreadNotices } from "#lib/queries/unread-notices.ts";

/** The most SQL statements that one load of a page may cost, the frame around it with it; who asks is one more. */
export const STATEMENTS = { queue: 8, incident: 38 } as const;

/** What the queries of the queue's page and of its frame read; its test compares the list with the pages. */
export async function readQueuePage(db: Db, personId: string): Promise<void> {
  await Promise.all([
    readFrame(db, personId),
    listSavedViews(db, personId),
    listIncidents(db, { view: "all", personId }, null),
  ]);
}

/** The same of an incident's page. */
export async function readIncidentScreen(db: Db, id: string, personId: string): Promise<void> {
  const head = await findIncident(db, id);
  if (!head) throw new Error(`There is no incident ${id}.`);
  await Promise.all([
    readFrame(db, personId),
    readIncidentPage(db, head),
    incidentRuns(db, id),
    readIncidentWork(db, id, personId),
    threadGlimpse(db, { incidentId: id, filter: {}, around: null, folded: true }),
  ]);
}

async function readFrame(db: Db, personId: string): Promise<void> {
  await Promise.all([sealState(db), queueCounts(db, personId), unreadNotices(db, personId)]);
}
