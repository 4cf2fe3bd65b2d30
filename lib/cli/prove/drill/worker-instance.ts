/** `node worker-instance.ts`: the product's worker with short clocks, to be killed at any moment. */
import { pino } from "pino";
import { prisma } from "#lib/db/prisma.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { databaseUrl, logLevel, sealPrivateKey } from "#lib/env.ts";
import { startWorker } from "#lib/jobs/worker.ts";

const told = new Promise<void>((resolve) => process.once("SIGTERM", () => resolve()));
const worker = await startWorker({
  db: prisma("worker"),
  queue: workerQueue(databaseUrl("worker")),
  log: pino({ name: "worker", level: logLevel() }, pino.destination({ dest: 2, sync: true })),
  sealKey: sealPrivateKey(),
  clocks: { lost: 3000, beat: 500, mend: 500, sweep: 200, backoff: 100 },
});
await told;
await worker.stop();
process.exit(0);
