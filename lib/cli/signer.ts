import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "pg";
import { pino } from "pino";
import { databaseUrl, homeDirectory, logLevel, organisation } from "#lib/env.ts";
import { loadOrCreateKey } from "#lib/signing/keys.ts";
import { openSigner, type Signer, type SignerStep } from "#lib/signing/signer.ts";
import { pgTrailLog } from "#lib/db/trail-log.ts";

/** The signer process: own database login, own key, own state on disk. Stops on SIGTERM or SIGINT. */
const STEP_MS = 1000;

const log = pino({ name: "signer", level: logLevel() });
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());
process.on("SIGINT", () => stopping.abort());

const pool = new Pool({
  connectionString: databaseUrl("signer"),
  max: 1,
  connectionTimeoutMillis: 10_000,
});
pool.on("error", (error) =>
  log.warn({ reason: error.message }, "the connection to the database was lost"),
);

const directory = join(homeDirectory(), "signer");
const origin = `countersign/${organisation()}/trail`;
const key = await loadOrCreateKey(join(directory, "log.key"), origin);
const signer = await openSigner({
  log: pgTrailLog(pool),
  key,
  origin,
  statePath: join(directory, "signed.json"),
});
log.info({ origin }, "signing");
await run(signer);
await pool.end();
log.info("stopped");

async function run(opened: Signer): Promise<void> {
  let isDatabaseDown = false;
  while (!stopping.signal.aborted) {
    try {
      tell(await opened.step());
      isDatabaseDown = false;
    } catch (error) {
      // the log cannot be read now: say so once and look again
      if (!isDatabaseDown)
        log.error({ reason: (error as Error).message }, "the trail cannot be read; trying again");
      isDatabaseDown = true;
    }
    await pause(STEP_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}

function tell(step: SignerStep): void {
  if (step.did === "signed") log.info({ size: step.size, root: step.root }, "signed the trail");
  if (step.did === "refused" && step.isNews) {
    log.fatal({ size: step.size, reason: step.reason }, `REFUSED to sign: ${step.reason}`);
  }
}
