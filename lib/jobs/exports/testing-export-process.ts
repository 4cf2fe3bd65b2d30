/** A worker of exports alone, in a process of its own: what a test gives little memory to, or kills. `DATABASE FOLDER WORKER`. */
import { createClient } from "#lib/db/prisma.ts";
import { runExports } from "./run-exports.ts";

const [url = "", home = "", worker = ""] = process.argv.slice(2);
const db = createClient(url, 3);
const tell = (facts: object, message: string) =>
  void process.stderr.write(`${message} ${JSON.stringify(facts)}\n`);
const log = { info: () => undefined, warn: tell, error: tell };
process.stdout.write("begun\n");
const { signal } = new AbortController();
const clocks = { beatMs: 50, leaseMs: 1_000 };
const ready = await runExports({ db, home, organisation: "test", worker, log, signal, clocks });
await db.$disconnect();
process.stdout.write(`${ready}\n`);
