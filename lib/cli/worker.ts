import { pino } from "pino";
import { anthropicModel } from "#lib/copilot/anthropic.ts";
import { disconnectAll, prisma } from "#lib/db/prisma.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { databaseUrl, logLevel, modelEnv } from "#lib/env.ts";
import { startWorker } from "#lib/jobs/worker.ts";

/** The worker process: summaries, expiry, relays. Stops in order on SIGTERM or SIGINT. */
const log = pino({ name: "worker", level: logLevel() });
const told = new Promise<void>((resolve) => {
  process.once("SIGTERM", () => resolve());
  process.once("SIGINT", () => resolve());
});

const settings = modelEnv();
const model = settings ? anthropicModel(settings) : null;
const worker = await startWorker({
  db: prisma("worker"),
  queue: workerQueue(databaseUrl("worker")),
  model,
  log,
});
log.info(
  { model: model?.id ?? null },
  model ? "working, with a model" : "working, without a model: rules summaries only",
);
await told;
await worker.stop();
await disconnectAll();
log.info("stopped");
