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
    SELECT e.kind, e.at, e.decision_id, i.number, e.passkey_id
    FROM notice_event e LEFT JOIN decision d ON d.id = e.decision_id LEFT JOIN incident i ON i.id = d.incident_id
    WHERE e.id = ${event}::uuid`;
  const { kind, at, decision_id: decision, number, passkey_id: passkey } = rows[0]!;
  const about =
    decision === null ? { passkey } : { decision, incident: incidentNumber(number ?? 0) };
  return JSON.stringify({ type: kind, timestamp: at.toISOString(), data: { event, ...about } });
}
