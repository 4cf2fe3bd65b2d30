import { pino } from "pino";
import { disconnectAll, prisma } from "#lib/db/prisma.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { openMailServer } from "#lib/connectors/mail/smtp.ts";
import {
  databaseUrl,
  logLevel,
  mailSender,
  mailServer,
  modelEnv,
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
  post: { server: mail(from), from: from ?? "", address: publicAddress() },
});
log.info({ environmentModel: environmentModel?.model ?? null, mailsFrom: from }, "working");
await told;
await worker.stop();
await disconnectAll();
log.info("stopped");

function mail(sender: string | null) {
  const server = mailServer();
  return server && sender ? openMailServer({ server, from: sender }) : null;
}
