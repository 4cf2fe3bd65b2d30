import type { SlaPreviewView } from "#lib/contracts/sla.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import type { SlaMinutes } from "#lib/domain/incident/sla.ts";
import { CLOCK_DUE } from "./queue-conditions.ts";

/** Open incidents that are looked at, the most urgent first. */
const LOOK_MAX = 20_000;

/** What these clocks would say of what is open now. They will not: each keeps the clocks it opened with. */
export async function previewSla(db: Db, minutes: SlaMinutes): Promise<SlaPreviewView> {
  const due = (clock: "assign" | "decide") =>
    Prisma.sql`i.opened_at + make_interval(mins => (${SEVERITIES.map((severity) => minutes[clock][severity])}::int[])[i.severity_rank])`;
  const rows = await db.$queryRaw<{ open: number; breached: number; wouldBe: number }[]>`
    SELECT count(*)::int AS open, count(*) FILTER (WHERE due <= now())::int AS breached,
           count(*) FILTER (WHERE CASE WHEN taken THEN NOT judged AND decide <= now() ELSE assign <= now() END)::int AS "wouldBe"
    FROM (
      SELECT ${CLOCK_DUE} AS due, i.assignee_id IS NOT NULL AS taken, i.verdict IS NOT NULL AS judged,
             ${due("assign")} AS assign, ${due("decide")} AS decide
      FROM incident i WHERE i.status <> 'closed' AND i.merged_into_id IS NULL
      ORDER BY ${CLOCK_DUE}, i.id LIMIT ${LOOK_MAX + 1}::int) AS looked`;
  const { open, breached, wouldBe } = rows[0]!;
  return { open: Math.min(open, LOOK_MAX), breached, wouldBe, more: open > LOOK_MAX };
}
