import type { MailServer } from "#lib/connectors/mail/smtp.ts";
import type { Db } from "#lib/db/prisma.ts";
import { noticeSentence } from "#lib/domain/notice/sentence.ts";
import {
  IS_NEWS,
  NOTICED_COLUMNS,
  NOTICED_OF,
  noticedOf,
  noticePath,
  NOTICES,
  type NoticedRow,
} from "#lib/queries/list-notices.ts";
import type { WorkerLog } from "./worker-log.ts";

export type Post = {
  /** Null: none is configured. */
  server: MailServer | null;
  from: string;
  /** The address people use. */
  address: URL;
};

const AT_ONCE = 50;
const ATTEMPTS_MAX = 8;
/** News of yesterday is no news; also what waited here while there was no mail server. */
const LATEST_HOURS = 24;

type Taken = { event_id: string; person_id: string; attempts: number };
type Due = NoticedRow & { email: string; active: boolean; is_news: boolean };

/**
 * Sends the notices that are due by mail, one after the other. Each is put off before it is tried, by longer each
 * time, and settled after: a worker that dies in between sends it once more later, under the same Message-ID. SMTP
 * allows no better: at least once. Returns how many were sent.
 */
export async function sendDueMail(
  db: Db,
  { server, from, address }: Post,
  { log, signal }: { log: WorkerLog; signal?: AbortSignal },
): Promise<number> {
  await db.$executeRaw`
    UPDATE notice_mail m SET state = 'too_late', settled_at = clock_timestamp() FROM notice n
    WHERE m.state = 'due' AND n.event_id = m.event_id AND n.person_id = m.person_id
      AND n.at < clock_timestamp() - make_interval(hours => ${LATEST_HOURS}::int)`;
  if (!server) return 0;
  let sent = 0;
  for (let left = AT_ONCE; left > 0 && !signal?.aborted; left -= 1) {
    const taken = await takeOne(db);
    if (!taken) break;
    const due = await read(db, taken);
    if (!due?.active || !due.is_news) {
      await settle(db, taken, "not_needed", null);
      continue;
    }
    const sending = await server.send(mailOf(due, { taken, from, address }));
    if (sending.outcome === "taken") {
      sent += 1;
      await settle(db, taken, "sent", null);
    } else if (sending.outcome === "refused" || taken.attempts >= ATTEMPTS_MAX) {
      log.warn({ event: taken.event_id, fault: sending.fault }, "a notice could not be mailed");
      await settle(db, taken, "failed", sending.fault);
    } else {
      await db.$executeRaw`UPDATE notice_mail SET fault = ${sending.fault}
        WHERE event_id = ${taken.event_id}::uuid AND person_id = ${taken.person_id}::uuid`;
    }
  }
  return sent;
}

/** The next attempt at it is a minute away, then two, four ... at most an hour: longer than this one can take. */
async function takeOne(db: Db): Promise<Taken | null> {
  const rows = await db.$queryRaw<Taken[]>`
    UPDATE notice_mail SET attempts = attempts + 1,
      due_at = clock_timestamp() + least(interval '1 hour', interval '1 minute' * (2 ^ attempts))
    WHERE (event_id, person_id) = (SELECT event_id, person_id FROM notice_mail
      WHERE state = 'due' AND due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING event_id, person_id, attempts`;
  return rows[0] ?? null;
}

async function read(
  db: Db,
  { event_id: eventId, person_id: personId }: Taken,
): Promise<Due | null> {
  const rows = await db.$queryRaw<Due[]>`
    SELECT ${NOTICED_COLUMNS}, p.email, p.active AND p.human AS active, n.read_at IS NULL AND ${IS_NEWS} AS is_news
    FROM ${NOTICES} ${NOTICED_OF} JOIN person p ON p.id = n.person_id
    WHERE n.event_id = ${eventId}::uuid AND n.person_id = ${personId}::uuid`;
  return rows[0] ?? null;
}

async function settle(
  db: Db,
  { event_id: eventId, person_id: personId }: Taken,
  state: "sent" | "failed" | "not_needed",
  fault: string | null,
): Promise<void> {
  await db.$executeRaw`
    UPDATE notice_mail SET state = ${state}, settled_at = clock_timestamp(), fault = ${fault}
    WHERE event_id = ${eventId}::uuid AND person_id = ${personId}::uuid AND state = 'due'`;
}

/** The sentence of the notice and where to go: nothing that evidence, a model or a form wrote. */
function mailOf(due: Due, { taken, from, address }: { taken: Taken; from: string; address: URL }) {
  const sentence = noticeSentence(noticedOf(due));
  const link = new URL(noticePath(due), address).href;
  const account = new URL("/account", address).href;
  return {
    to: due.email,
    subject: sentence.replace(/\.$/, ""),
    text: `${sentence}\n\n${link}\n\nWhich notices come by mail is set at ${account}\n`,
    messageId: `<${taken.event_id}.${taken.person_id}@${from.split("@").at(-1)}>`,
  };
}
