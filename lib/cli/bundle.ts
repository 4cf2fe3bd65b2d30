/**
 * `npm run bundle -- SCOPE [--without-evidence] [--without-names] [--without-payloads] [--to FILE] [--data-dir DIR]`: writes the audit bundle of what runs from a data folder. That it was made is on the trail.
 */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packFolder } from "#lib/bundle/pack.ts";
import { createClient, type Db } from "#lib/db/prisma.ts";
import { loginUrl } from "#lib/db/provision.ts";
import { readSecrets } from "#lib/db/secrets.ts";
import { adminDatabaseUrl, homeDirectory, organisation } from "#lib/env.ts";
import { collectBundle } from "#lib/jobs/exports/collect-bundle.ts";
import { exportKey } from "#lib/jobs/exports/export-key.ts";
import { sealedBeyond } from "#lib/jobs/exports/sealed-beyond.ts";
import { recordBundle } from "#lib/jobs/exports/record-bundle.ts";
import { scopeName, scopeOf } from "#lib/queries/export-scope.ts";
import { trailSize } from "#lib/queries/trail-rows.ts";
import { runningAdminUrl } from "./running.ts";

const USAGE = `Usage: npm run bundle -- SCOPE [--without-evidence] [--without-names] [--without-payloads] [--to FILE]
SCOPE is one of: --incident INC-000001   --log   --since TIME --until TIME   --person E-MAIL   --model ID   --prompt NAME/VERSION`;
const BYTES_MAX = 64 * 2 ** 30;
/** The signer signs within a minute. */
const SEAL_MS = 90_000;
const ASKED_BY = "system:operator";

const { values } = parseArgs({
  options: {
    incident: { type: "string" },
    log: { type: "boolean" },
    since: { type: "string" },
    until: { type: "string" },
    person: { type: "string" },
    model: { type: "string" },
    prompt: { type: "string" },
    "without-evidence": { type: "boolean" },
    "without-names": { type: "boolean" },
    "without-payloads": { type: "boolean" },
    to: { type: "string" },
    "data-dir": { type: "string" },
  },
});

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const home = resolve(values["data-dir"] ?? homeDirectory());
  const admin = adminDatabaseUrl() ?? (await runningAdminUrl(home));
  const db = createClient(loginUrl(admin, "worker", (await readSecrets(home)).worker), 2);
  try {
    await writeBundle(db, home);
  } finally {
    await db.$disconnect();
  }
}

async function writeBundle(db: Db, home: string): Promise<void> {
  const scope = await scopeOf(db, values);
  if (!scope) throw new Error(USAGE);
  const directory = join(home, "exports");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const key = await exportKey(db, { directory, organisation: organisation() });
  const name = `bundle-${scopeName(scope)}`;
  const to = resolve(values.to ?? `${name}.tar.gz`);
  const size = Math.max(key.entry + 1, await trailSize(db));
  process.stdout.write(`Waiting for the seal over ${size} entries ...\n`);
  const sealed = await sealedBeyond(db, { size, waitMs: SEAL_MS });
  const logKey = await readFile(join(home, "signer", "log.key.pub"), "utf8").catch(() => null);
  const withheld = {
    evidence: values["without-evidence"] ?? false,
    names: values["without-names"] ?? false,
    payloads: values["without-payloads"] ?? false,
  };
  const folder = await mkdtemp(join(directory, "making-"));
  try {
    const order = { scope, withheld, askedBy: ASKED_BY, sealed, logKey, key, bytesMax: BYTES_MAX };
    const entries = await collectBundle(db, order, folder);
    await packFolder(folder, { to, name, mtime: Date.now() });
    await recordBundle(db, { scope, askedBy: ASKED_BY, entries, path: to });
    process.stdout.write(`${to}: ${entries} entries, sealed at ${sealed.size}.\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
