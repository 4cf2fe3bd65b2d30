import type {
  AutomationLogItem,
  AutomationLogPage,
  IncidentAutomationView,
} from "#lib/contracts/automation-views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { AutomationReason, AutomationValues } from "#lib/domain/decision/automation.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { stopsOf } from "./automation-page.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { hex, iso } from "./shape.ts";

const PAGE = 50;
const OF_AN_INCIDENT_MAX = 20;

type Row = {
  kind: AutomationLogItem["kind"];
  id: string;
  at: Date;
  at_key: string;
  incident_id: string | null;
  incident_number: number | null;
  action: string;
  target: string;
  reasons: AutomationReason[];
  values: AutomationValues;
  values_sha256: Uint8Array;
  outcome: string;
  detail: string | null;
  reason: string;
  scope: string;
  incident_type: string | null;
  run_id: string | null;
  was_sent: boolean;
  name: string | null;
  role: Role | null;
};

/** Everything that ran by itself or did not, was stopped or let go on again; newest first, by keyset. */
export async function automationLog(
  db: Db,
  cursor: string | null,
  limit = PAGE,
): Promise<AutomationLogPage> {
  const place = cursor === null ? null : decodeCursor(cursor);
  const page = await readFrom(cursor, () => readLog(db, { place, limit: limit + 1 }));
  const rows = page.slice(0, limit);
  const last = rows.at(-1);
  return {
    items: rows.map(asItem),
    nextCursor: page.length > limit && last ? encodeCursor(last.at_key, last.id) : null,
  };
}

/** The same of one incident, as its screen shows it. */
export async function incidentAutomation(
  db: Db,
  incidentId: string,
): Promise<IncidentAutomationView> {
  const [rows, stops] = await Promise.all([
    readLog(db, { place: null, limit: OF_AN_INCIDENT_MAX, incidentId }),
    stopsOf(db, incidentId),
  ]);
  const items = rows.map(asItem);
  return {
    acts: items.filter((item) => item.kind === "act"),
    refusals: items.filter((item) => item.kind === "refusal"),
    stops,
  };
}

type Asked = { place: { key: string; id: string } | null; limit: number; incidentId?: string };

/** Each kind is read along its own index; what is taken of all together is the newest of each. */
function readLog(db: Db, { place, limit, incidentId }: Asked): Promise<Row[]> {
  const part = (at: Prisma.Sql, id: Prisma.Sql, incident: Prisma.Sql) => Prisma.sql`
    WHERE ${place ? Prisma.sql`(${at}, ${id}) < (${place.key}::timestamptz, ${place.id}::uuid)` : Prisma.sql`true`}
      AND ${incidentId ? Prisma.sql`${incident} = ${incidentId}::uuid` : Prisma.sql`true`}
    ORDER BY ${at} DESC, ${id} DESC LIMIT ${limit}::int`;
  const act = part(Prisma.sql`a.decided_at`, Prisma.sql`a.id`, Prisma.sql`a.incident_id`);
  const refusal = part(Prisma.sql`r.at`, Prisma.sql`r.id`, Prisma.sql`r.incident_id`);
  const stop = part(Prisma.sql`s.at`, Prisma.sql`s.id`, Prisma.sql`s.incident_id`);
  const lift = part(Prisma.sql`l.at`, Prisma.sql`l.stop_id`, Prisma.sql`s.incident_id`);
  return db.$queryRaw<Row[]>`
    SELECT x.*, x.at::text AS at_key, i.number AS incident_number, p.name, p.role,
           w.run_id, w.dispatched IS NOT NULL AS was_sent
    FROM (
      (SELECT 'act' AS kind, a.id, a.decided_at AS at, a.incident_id, a.action, a.target, NULL::jsonb AS reasons, a.values, a.values_sha256,
         run.outcome, run.detail, NULL AS reason, NULL AS scope, NULL AS incident_type, NULL::uuid AS person_id
       FROM automatic_act a JOIN response_run run ON run.automatic_act_id = a.id ${act})
      UNION ALL
      (SELECT 'refusal', r.id, r.at, r.incident_id, r.action, r.target, r.reasons, r.values, NULL, NULL, NULL, NULL, NULL, NULL, NULL
       FROM automation_refusal r ${refusal})
      UNION ALL
      (SELECT 'stop', s.id, s.at, s.incident_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, s.reason, s.scope, s.incident_type, s.person_id
       FROM automation_stop s ${stop})
      UNION ALL
      (SELECT 'lift', l.stop_id, l.at, s.incident_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, l.reason, s.scope, s.incident_type, l.person_id
       FROM automation_lift l JOIN automation_stop s ON s.id = l.stop_id ${lift})
    ) AS x LEFT JOIN incident i ON i.id = x.incident_id LEFT JOIN person p ON p.id = x.person_id
    LEFT JOIN response_run g ON g.automatic_act_id = x.id AND x.kind = 'act' LEFT JOIN response_task w ON w.run_id = g.id
    ORDER BY x.at DESC, x.id DESC LIMIT ${limit}::int`;
}

function asItem(row: Row): AutomationLogItem {
  const incident =
    row.incident_id === null || row.incident_number === null
      ? null
      : { id: row.incident_id, number: incidentNumber(row.incident_number) };
  const base = { id: row.id, at: iso(row.at), incident };
  const { action, target, values, reason } = row;
  const by = row.name === null || row.role === null ? null : { name: row.name, role: row.role };
  const where = row.incident_type ?? (row.scope === "incident" ? "this incident" : "everywhere");
  switch (row.kind) {
    case "act": {
      const { outcome, detail } = row;
      const valuesSha256 = hex(row.values_sha256);
      const run = row.run_id !== null && row.was_sent ? { id: row.run_id } : null;
      return { ...base, kind: "act", action, target, outcome, detail, run, values, valuesSha256 };
    }
    case "refusal":
      return { ...base, kind: "refusal", action, target, reasons: row.reasons, values };
    case "stop":
      return { ...base, kind: "stop", reason, where, by };
    case "lift":
      return { ...base, kind: "lift", reason, where, by: by ?? { name: "", role: "lead" } };
  }
}
