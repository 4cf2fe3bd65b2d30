/**
 * `npm run witness -- --dir DIR --port N --log-key FILE [--host ADDRESS] [--name NAME]`: the second key that cosigns
 * checkpoints, on a machine of somebody else. Needs Node and this folder, no package and no database.
 */
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readIfThere } from "#lib/signing/durable.ts";
import { loadOrCreateKey } from "#lib/signing/keys.ts";
import { openWitness } from "#lib/signing/witness.ts";
import { parseVerifierKeys, type NoteKey } from "#lib/trail/checkpoint.ts";
import { witnessServer } from "./witness/door.ts";

const USAGE =
  "Usage: npm run witness -- --dir DIR --port N --log-key FILE [--host ADDRESS] [--name NAME]";
const LOOK_MS = 500;

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { directory, port, host, name, logKey } = readArgs();
  const stopped = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!(await untilThere(logKey, stopped))) return;
  const witness = await openWitness({
    name,
    key: await loadOrCreateKey(join(directory, "witness.key"), name, "witness"),
    logs: () => readLogKeys(logKey),
    statePath: join(directory, "seen.json"),
  });
  const server = witnessServer(witness, (status, words) => tell({ status, words: words.trim() }));
  server.listen(port, host);
  await once(server, "listening");
  tell({ words: "witnessing", host, port, key: witness.verifierKey });
  await stopped;
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}

function readArgs() {
  const { values } = parseArgs({
    options: {
      dir: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      name: { type: "string" },
      "log-key": { type: "string" },
    },
  });
  const port = Number(values.port);
  if (!values.dir || !values["log-key"] || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(USAGE);
  const name = values.name ?? `witness/${hostname()}`;
  if (!/^[^\s+]+$/u.test(name)) throw new Error("--name must have no spaces and no plus sign");
  return {
    directory: resolve(values.dir),
    port,
    host: values.host ?? "127.0.0.1",
    name,
    logKey: resolve(values["log-key"]),
  };
}

/** The log's key may still be on its way. False when told to stop before it came. */
async function untilThere(path: string, stopped: Promise<unknown>): Promise<boolean> {
  let isStopped = false;
  void stopped.then(() => (isStopped = true));
  for (let looks = 0; !isStopped; looks += 1) {
    if ((await readIfThere(path)) !== null) {
      await readLogKeys(path);
      return true;
    }
    if (looks === 0) tell({ words: `waiting for the log's key in ${path}` });
    await pause(LOOK_MS);
  }
  return false;
}

/** One verifier key a line; a log that changed its key has two. */
async function readLogKeys(path: string): Promise<NoteKey[]> {
  return parseVerifierKeys(await readFile(path, "utf8"));
}

function tell(fact: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...fact })}\n`);
}
