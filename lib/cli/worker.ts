import { pino } from "pino";
import { disconnectAll, prisma } from "#lib/db/prisma.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { databaseUrl, logLevel, modelEnv, sealPrivateKey } from "#lib/env.ts";
import { startWorker } from "#lib/jobs/worker.ts";

/** The worker process: summaries, requests to models, expiry, relays. Stops in order on SIGTERM or SIGINT. */
const log = pino({ name: "worker", level: logLevel() });
const told = new Promise<void>((resolve) => {
  process.once("SIGTERM", () => resolve());
  process.once("SIGINT", () => resolve());
});

const environmentModel = modelEnv();
const worker = await startWorker({
  db: prisma("worker"),
  queue: workerQueue(databaseUrl("worker")),
  log,
  sealKey: sealPrivateKey(),
  environmentModel,
});
log.info({ environmentModel: environmentModel?.model ?? null }, "working");
await told;
await worker.stop();
await disconnectAll();
log.info("stopped");
