import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "pg";
import { pino } from "pino";
import {
  databaseUrl,
  homeDirectory,
  logLevel,
  organisation,
  tsaEnv,
  witnessEnv,
} from "#lib/env.ts";
import { readIfThere } from "#lib/signing/durable.ts";
import { openSubmitter } from "#lib/signing/submit-checkpoint.ts";
import { parseVerifierKey, type NoteKey } from "#lib/trail/checkpoint.ts";
import { pgCosignatures, pgStamps, pgTrailLog, tellRotation } from "#lib/db/trail-log.ts";
import {
  openRotatingSigner,
  type RotatingSigner,
  type RotatingStep,
} from "./signer/rotating-signer.ts";
import { openStamper } from "./signer/stamp-checkpoints.ts";

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
const trail = pgTrailLog(pool);
const signer = await openRotatingSigner({
  directory,
  origin,
  log: trail,
  tellRotation: (from, to) => tellRotation(pool, from, to),
});
log.info({ origin }, "signing");
await Promise.all([sign(signer), submit(), stamp()]);
await pool.end();
log.info("stopped");

async function sign(opened: RotatingSigner): Promise<void> {
  let isDatabaseDown = false;
  let isLate = false;
  while (!stopping.signal.aborted) {
    try {
      tell(await opened.step());
      isDatabaseDown = false;
    } catch (error) {
      // the log cannot be read now, or the disk failed: say so once and look again
      if (!isDatabaseDown)
        log.error({ reason: (error as Error).message }, "the trail cannot be signed; trying again");
      isDatabaseDown = true;
    }
    isLate = tellLate(opened.lateSince(), isLate);
    await rest();
  }
}

function tell(step: RotatingStep): void {
  if (step.did === "signed") log.info({ size: step.size, root: step.root }, "signed the trail");
  if (step.did === "rotated") log.warn({ key: step.to }, "signs with another key from here on");
  if (step.did === "refused" && step.isNews) {
    log.fatal({ size: step.size, reason: step.reason }, `REFUSED to sign: ${step.reason}`);
  }
}

function tellLate(since: number | null, wasLate: boolean): boolean {
  if (since !== null && !wasLate) {
    const at = new Date(since).toISOString();
    log.fatal({ since: at }, `ALARM: entries wait for a checkpoint since ${at}`);
  }
  if (since === null && wasLate) log.info("no entry waits too long for a checkpoint any more");
  return since !== null;
}

/** Brings checkpoints to the witness, apart from the signing: a witness that hangs must not hold it up. */
async function submit(): Promise<void> {
  const given = witnessEnv();
  if (given === null) return;
  const witness = await witnessKey(given.key);
  if (witness === null) return;
  const submitter = openSubmitter({
    log: trail,
    cosignatures: pgCosignatures(pool),
    logKeys: signer.logKeys,
    witness,
    url: new URL("add-checkpoint", given.url.replace(/\/*$/, "/")),
  });
  log.info({ witness: witness.name, url: given.url }, "has checkpoints cosigned");
  while (!stopping.signal.aborted) {
    const step = await submitter.step();
    if (step.did === "cosigned") log.info({ size: step.size, at: step.at }, "cosigned");
    if (step.did === "failed" && step.isNews) {
      if (step.isFork) log.fatal({ reason: step.reason }, `ALARM: ${step.reason}`);
      else log.error({ reason: step.reason }, "not cosigned; trying again");
    }
    await rest();
  }
}

/** Has checkpoints stamped, apart from both. */
async function stamp(): Promise<void> {
  const tsa = tsaEnv();
  if (tsa === null) return;
  const stamper = openStamper({ log: trail, stamps: pgStamps(pool), tsa });
  log.info({ url: tsa.url }, "has checkpoints stamped");
  while (!stopping.signal.aborted) {
    const step = await stamper.step();
    if (step.did === "stamped") log.info({ size: step.size, at: step.at }, "stamped");
    if (step.did === "failed" && step.isNews)
      log.error({ reason: step.reason }, "not stamped; trying again");
    await rest();
  }
}

/** From the setting itself or from the file it names, which a witness that starts beside us may still have to write. */
async function witnessKey(given: string): Promise<NoteKey | null> {
  if (/\+[0-9a-f]{8}\+/.test(given)) return parseVerifierKey(given);
  for (let isFirst = true; !stopping.signal.aborted; isFirst = false) {
    const text = await readIfThere(given);
    if (text !== null) return parseVerifierKey(text.trim());
    if (isFirst) log.info({ path: given }, "waiting for the witness's key");
    await rest();
  }
  return null;
}

async function rest(): Promise<void> {
  await pause(STEP_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
}
