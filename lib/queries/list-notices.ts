import type { NoticePage, NoticeView } from "#lib/contracts/notices.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { NoticeKind } from "#lib/domain/notice/notice.ts";
import type { Noticed } from "#lib/domain/notice/sentence.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

/** Notices with what they are about. */
export const NOTICES = Prisma.sql`notice n JOIN notice_event e ON e.id = n.event_id LEFT JOIN decision d ON d.id = e.decision_id
  LEFT JOIN policy_version v ON v.version = e.policy_version`;

/** What it waits for has come or never will. */
export const IS_OVER = Prisma.sql`CASE e.kind
  WHEN 'decision.waiting' THEN d.state <> 'proposed'
  WHEN 'policy.waiting' THEN gate.policy_state(v) <> 'waiting'
  WHEN 'policy.scheduled' THEN v.ended_at IS NOT NULL
  WHEN 'automation.scheduled' THEN EXISTS (SELECT FROM automation_end o WHERE o.version = e.automation_version)
  WHEN 'incident.handed_over' THEN EXISTS (SELECT FROM handover_taken o WHERE o.handover_id = e.handover_id)
  WHEN 'automation.waiting' THEN EXISTS (SELECT FROM automation_version a WHERE a.version = e.automation_version
    AND (gate.automation_state(a.version) <> 'proposed' OR a.at < now() - interval '1 day' OR a.previous IS DISTINCT FROM (SELECT f.version FROM automation_in_force f)))
  ELSE false END`;

/** What waits for nothing any more, and a decision that waits but not for this person, is no news, read or not. */
export const IS_NEWS = Prisma.sql`(NOT ${IS_OVER} AND (e.kind <> 'decision.waiting' OR gate.waits_for(d.id, n.person_id)))`;

/** The columns that `noticedOf` reads, over `NOTICES` joined with `NOTICED_OF`. */
export const NOTICED_COLUMNS = Prisma.sql`
  e.id, e.kind, e.decision_id, d.kind AS decision_kind, i.id AS incident_id, i.number, a.name AS actor, h.name AS holder,
  k.person_id = n.person_id AS is_own, k.person_id = e.actor_id AS by_holder,
  e.status, r.name AS to_name, w.to_id = n.person_id AS to_reader, coalesce(e.policy_version, e.automation_version) AS version,
  coalesce(v.effective_at, CASE e.kind WHEN 'automation.scheduled' THEN gate.automation_effective_at(e.automation_version) END) AS effective_at`;
export const NOTICED_OF = Prisma.sql`
  LEFT JOIN automatic_act t ON t.id = e.act_id LEFT JOIN automation_stop s ON s.id = e.stop_id
  LEFT JOIN note o ON o.id = e.note_id LEFT JOIN handover w ON w.id = e.handover_id LEFT JOIN person r ON r.id = w.to_id
  LEFT JOIN incident i ON i.id = coalesce(d.incident_id, t.incident_id, s.incident_id, o.incident_id, w.incident_id, e.incident_id)
  LEFT JOIN passkey k ON k.id = e.passkey_id
  LEFT JOIN person h ON h.id = k.person_id LEFT JOIN person a ON a.id = e.actor_id`;

export type NoticedRow = {
  id: string;
  kind: NoticeKind;
  decision_id: string | null;
  decision_kind: DecisionKind | null;
  incident_id: string | null;
  number: number | null;
  actor: string | null;
  holder: string | null;
  is_own: boolean | null;
  by_holder: boolean | null;
  /** What the incident's became. */
  status: IncidentStatus | null;
  /** To whom it was handed over. */
  to_name: string | null;
  to_reader: boolean | null;
  /** Of the policy, or of the rules of automation. */
  version: number | null;
  effective_at: Date | null;
};

type Row = NoticedRow & { at: Date; place: string; is_news: boolean };

/** A page of a person's notices, the newest first. Throws Problem 400 (cursor_invalid). */
export async function listNotices(
  db: Db,
  { personId, cursor, limit }: { personId: string; cursor: string | null; limit: number },
): Promise<NoticePage> {
  const rows = await readFrom(
    cursor,
    () => db.$queryRaw<Row[]>`
    SELECT ${NOTICED_COLUMNS}, n.at, to_char(n.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place,
           n.read_at IS NULL AND ${IS_NEWS} AS is_news
    FROM ${NOTICES} ${NOTICED_OF}
    WHERE n.person_id = ${personId}::uuid AND ${before(cursor)}
    ORDER BY n.at DESC, n.event_id DESC LIMIT ${limit + 1}::int`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    notices: page.map(asNotice),
    nextCursor: rows.length > page.length && last ? encodeCursor(last.place, last.id) : null,
  };
}

function asNotice(row: Row): NoticeView {
  return {
    id: row.id,
    at: iso(row.at),
    noticed: noticedOf(row),
    path: noticePath(row),
    isNews: row.is_news,
  };
}

export function noticedOf(row: NoticedRow): Noticed {
  const { kind, actor } = row;
  const number = incidentNumber(row.number ?? 0);
  switch (kind) {
    case "passkey.enrolled":
    case "passkey.revoked":
      return {
        kind,
        actor,
        holder: row.holder ?? "",
        isOwn: row.is_own === true,
        byHolder: row.by_holder === true,
      };
    case "incident.handed_over":
      return { kind, actor, incidentNumber: number, to: row.to_name, toReader: !!row.to_reader };
    case "incident.mentioned":
      return { kind, actor, incidentNumber: number };
    case "incident.status_changed":
      return { kind, incidentNumber: number, status: row.status ?? "new" };
    case "automation.isolated":
    case "automation.stopped":
      return { kind, incidentNumber: number };
    case "automation.waiting":
    case "automation.scheduled":
    case "policy.waiting":
    case "policy.scheduled":
      return {
        kind,
        actor,
        version: row.version ?? 0,
        effectiveAt: row.effective_at && iso(row.effective_at),
      };
    default:
      return {
        kind,
        actor,
        decision: {
          kind: row.decision_kind ?? "closure",
          incidentNumber: number,
        },
      };
  }
}

/** The screen of what it is about, or where passkeys stand. */
export function noticePath(row: NoticedRow): string {
  switch (row.kind) {
    case "passkey.enrolled":
    case "passkey.revoked":
      return row.is_own ? "/account" : `/trail?kind=${row.kind}`;
    case "incident.handed_over":
    case "incident.mentioned":
    case "incident.status_changed":
    case "automation.isolated":
    case "automation.stopped":
      return `/incidents/${row.incident_id}`;
    case "automation.waiting":
    case "automation.scheduled":
      return "/automation";
    case "policy.waiting":
    case "policy.scheduled":
      return `/settings/policy/${row.version}`;
    default:
      return `/incidents/${row.incident_id}/decisions/${row.decision_id}`;
  }
}

function before(cursor: string | null): Prisma.Sql {
  if (cursor === null) return Prisma.sql`true`;
  const { key, id } = decodeCursor(cursor);
  return Prisma.sql`(n.at, n.event_id) < (${key}::timestamptz, ${id}::uuid)`;
}
