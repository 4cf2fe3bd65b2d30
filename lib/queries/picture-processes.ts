import type { ProcessesView, ProcessView } from "#lib/contracts/picture-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { iso } from "./shape.ts";

export const STARTS_MAX = 2_000;
const TEXT_MAX = 1_000;
/** How sources write that a process began; what went on, ended or was opened by another is none of it. */
const STARTS = "^(process[ _-]?)?(creat|start|launch|exec|fork)";

type Row = Omit<ProcessView, "time"> & { time: Date | null };

/**
 * The starts of processes in an incident, the earliest first: events of process activity whose action says that one
 * began (`process_created`, `Launch`, `start`, `ProcessCreated` and their like), and that name it. One statement.
 */
export async function pictureProcesses(
  db: Db,
  incidentId: string,
  most = STARTS_MAX,
): Promise<ProcessesView> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.id, e.position, e.time, e.fields ->> 'host' AS host, e.fields ->> 'user' AS user,
           left(e.fields ->> 'process.name', ${TEXT_MAX}::int) AS name,
           left(e.fields ->> 'process.command_line', ${TEXT_MAX}::int) AS "commandLine",
           e.fields ->> 'process.guid' AS guid, e.fields ->> 'process.pid' AS pid,
           left(e.fields ->> 'parent.name', ${TEXT_MAX}::int) AS "parentName",
           e.fields ->> 'parent.guid' AS "parentGuid", e.fields ->> 'parent.pid' AS "parentPid"
    FROM evidence_item e
    WHERE e.incident_id = ${incidentId}::uuid AND e.kind = 'event' AND e.fields ? 'process.name'
      AND coalesce(e.fields ->> 'event.class', 'process_activity') = 'process_activity'
      AND e.fields ->> 'action' ~* ${STARTS}
    ORDER BY e.time NULLS LAST, e.position LIMIT ${most + 1}::int`;
  return {
    starts: rows.slice(0, most).map((row) => ({ ...row, time: iso(row.time) })),
    capped: rows.length > most,
  };
}
