/**
 * `node signer-instance.ts FOLDER ORIGIN FAULT`: the product's signer over the database it is given, struck at one step.
 * It stops by itself when all is signed or it refuses twice. FOLDER/ledger.jsonl keeps each note that left it and each
 * that was acknowledged.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Pool } from "pg";
import { pgTrailLog } from "#lib/db/trail-log.ts";
import { databaseUrl } from "#lib/env.ts";
import { loadOrCreateKey } from "#lib/signing/keys.ts";
import { openSigner } from "#lib/signing/signer.ts";
import type { TrailLog } from "#lib/trail/log.ts";
import { faultFrom } from "./faults.ts";

const [folder = "", origin = "", fault = ""] = process.argv.slice(2);
const strike = faultFrom(fault);
const STEPS_MAX = 50;

const pool = new Pool({ connectionString: databaseUrl("signer"), max: 1 });
const trail = pgTrailLog(pool);
const watched: TrailLog = {
  last: () => trail.last(),
  read: (seq, limit) => {
    strike("read");
    return trail.read(seq, limit);
  },
  save: async (checkpoint) => {
    const { size, root } = checkpoint;
    note({ did: "signed", size, root: root.toString("hex") });
    strike("save");
    await trail.save(checkpoint);
    note({ did: "acknowledged", size, root: root.toString("hex") });
    strike("saved");
  },
};

const signer = await openSigner({
  log: watched,
  key: await loadOrCreateKey(join(folder, "log.key"), origin),
  origin,
  statePath: join(folder, "signed.json"),
  signEveryEntries: 1,
  atStep: strike,
});
let refusals = 0;
for (let steps = 0; steps < STEPS_MAX && refusals < 2; steps += 1) {
  const step = await signer.step().catch((error: unknown) => {
    note({ did: "failed", reason: (error as Error).message });
    return null;
  });
  if (step?.did === "nothing") break;
  if (step?.did === "refused") refusals += 1;
}
if (refusals > 0) note({ did: "refused" });
await pool.end();

function note(fact: object): void {
  appendFileSync(join(folder, "ledger.jsonl"), `${JSON.stringify(fact)}\n`);
}
