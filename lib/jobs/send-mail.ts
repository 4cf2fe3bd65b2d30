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
import { deliverDue, type Delivery } from "./deliveries.ts";
import type { WorkerLog } from "./worker-log.ts";

export type Post = {
  server: MailServer;
  from: string;
  /** The address people use. */
  address: URL;
};

type Due = NoticedRow & { email: string; active: boolean; is_news: boolean };

/** Sends the notices that are due by mail: at least once, which is all that SMTP allows, under one Message-ID. */
export function sendDueMail(
  db: Db,
  post: Post,
  { log, signal }: { log: WorkerLog; signal?: AbortSignal },
): Promise<number> {
  return deliverDue(db, "mail", {
    signal,
    onFault: ({ event_id: event }, fault) =>
      log.warn({ event, fault }, "a notice could not be mailed"),
    async attempt(delivery) {
      const due = await read(db, delivery);
      if (!due?.active || !due.is_news) return { outcome: "not_needed" };
      return post.server.send(mailOf(due, { ...post, delivery }));
    },
  });
}

async function read(
  db: Db,
  { event_id: eventId, person_id: personId }: Delivery,
): Promise<Due | null> {
  const rows = await db.$queryRaw<Due[]>`
    SELECT ${NOTICED_COLUMNS}, p.email, p.active AND p.human AS active, n.read_at IS NULL AND ${IS_NEWS} AS is_news
    FROM ${NOTICES} ${NOTICED_OF} JOIN person p ON p.id = n.person_id
    WHERE n.event_id = ${eventId}::uuid AND n.person_id = ${personId}::uuid`;
  return rows[0] ?? null;
}

/** The sentence of the notice and where to go: nothing that evidence, a model or a form wrote. */
function mailOf(
  due: Due,
  { delivery, from, address }: { delivery: Delivery; from: string; address: URL },
) {
  const sentence = noticeSentence(noticedOf(due));
  const link = new URL(noticePath(due), address).href;
  const account = new URL("/account", address).href;
  return {
    to: due.email,
    subject: sentence.replace(/\.$/, ""),
    text: `${sentence}\n\n${link}\n\nWhich notices come by mail is set at ${account}\n`,
    messageId: `<${delivery.id}@${from.split("@").at(-1)}>`,
  };
}
