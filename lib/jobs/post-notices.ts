import type { NoticeWebhook } from "#lib/connectors/responders/notice-webhook.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { NoticeKind } from "#lib/domain/notice/notice.ts";
import { deliverDue, type Delivery } from "./deliveries.ts";
import type { WorkerLog } from "./worker-log.ts";

type Row = {
  kind: NoticeKind;
  at: Date;
  decision_id: string | null;
  number: number | null;
  passkey_id: string | null;
  act_id: string | null;
  stop_id: string | null;
  policy_version: number | null;
  automation_version: number | null;
};

/**
 * Posts what people are told of to the webhook, each once for all of them: at least once, under one `webhook-id` and
 * with one body, so that a receiver that keeps ids acts once.
 */
export function postDueNotices(
  db: Db,
  webhook: NoticeWebhook,
  { log, signal }: { log: WorkerLog; signal?: AbortSignal },
): Promise<number> {
  return deliverDue(db, "webhook", {
    signal,
    onFault: ({ event_id: event }, fault) =>
      log.warn({ event, fault }, "a notice could not be posted"),
    attempt: async (delivery) =>
      webhook.post({ id: `msg_${delivery.id}`, body: await bodyOf(db, delivery) }),
  });
}

/** Ids and nothing else: a receiver that may know more reads it here. */
async function bodyOf(db: Db, { event_id: event }: Delivery): Promise<string> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.kind, e.at, e.decision_id, i.number, e.passkey_id, e.act_id, e.stop_id, e.policy_version, e.automation_version
    FROM notice_event e LEFT JOIN decision d ON d.id = e.decision_id
    LEFT JOIN automatic_act t ON t.id = e.act_id LEFT JOIN automation_stop s ON s.id = e.stop_id
    LEFT JOIN incident i ON i.id = coalesce(d.incident_id, t.incident_id, s.incident_id)
    WHERE e.id = ${event}::uuid`;
  const row = rows[0]!;
  return JSON.stringify({
    type: row.kind,
    timestamp: row.at.toISOString(),
    data: { event, ...about(row) },
  });
}

function about(row: Row): Record<string, string | number> {
  return {
    ...(row.passkey_id !== null && { passkey: row.passkey_id }),
    ...(row.decision_id !== null && { decision: row.decision_id }),
    ...(row.act_id !== null && { act: row.act_id }),
    ...(row.stop_id !== null && { stop: row.stop_id }),
    ...(row.policy_version !== null && { policy: row.policy_version }),
    ...(row.automation_version !== null && { automation: row.automation_version }),
    ...(row.number !== null && { incident: incidentNumber(row.number) }),
  };
}
