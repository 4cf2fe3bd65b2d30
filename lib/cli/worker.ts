import { pino } from "pino";
import { parseNetworks } from "#lib/egress/address.ts";
import { disconnectAll, prisma } from "#lib/db/prisma.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { openMailServer } from "#lib/connectors/mail/smtp.ts";
import { openNoticeWebhook } from "#lib/connectors/responders/notice-webhook.ts";
import { Secret } from "#lib/connectors/responders/secret.ts";
import {
  databaseUrl,
  homeDirectory,
  logLevel,
  mailSender,
  mailServer,
  modelEnv,
  noticeWebhook,
  organisation,
  publicAddress,
  sealPrivateKey,
} from "#lib/env.ts";
import { startWorker } from "#lib/jobs/worker.ts";

/** The worker process: summaries, requests to models, expiry, relays. Stops in order on SIGTERM or SIGINT. */
const log = pino({ name: "worker", level: logLevel() });
const told = new Promise<void>((resolve) => {
  process.once("SIGTERM", () => resolve());
  process.once("SIGINT", () => resolve());
});

const environmentModel = modelEnv();
const from = mailSender();
const worker = await startWorker({
  db: prisma("worker"),
  queue: workerQueue(databaseUrl("worker")),
  log,
  sealKey: sealPrivateKey(),
  environmentModel,
  post: postOf(from),
  webhook: webhook(),
  exports: { home: homeDirectory(), organisation: organisation() },
  databaseUrl: databaseUrl("worker"),
});
log.info({ environmentModel: environmentModel?.model ?? null, mailsFrom: from }, "working");
await told;
await worker.stop();
await disconnectAll();
log.info("stopped");

function postOf(sender: string | null) {
  const server = mailServer();
  if (!server || !sender) return null;
  return {
    server: openMailServer({ server, from: sender }),
    from: sender,
    address: publicAddress(),
  };
}

function webhook() {
  const given = noticeWebhook();
  if (!given) return null;
  const { url, keys, networks } = given;
  return openNoticeWebhook({
    url,
    keys: keys.map((key) => new Secret(key)),
    egress: { allow: parseNetworks(networks) },
  });
}
