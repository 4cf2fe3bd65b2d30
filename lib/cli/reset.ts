/** `npm run reset`: removes the data folder after asking. */
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { existsSync } from "node:fs";
import { removeEmbedded } from "#lib/db/embedded-place.ts";
import { isAlive } from "#lib/db/os-process.ts";
import { homeDirectory } from "#lib/env.ts";

const { values } = parseArgs({
  options: { "data-dir": { type: "string" }, yes: { type: "boolean" } },
});
const home = resolve(values["data-dir"] ?? homeDirectory());

await reset();

async function reset(): Promise<void> {
  if (!existsSync(home)) return leave(`There is nothing at ${home}.`, 0);
  if (!existsSync(join(home, "secrets.json"))) {
    return leave(`${home} is not a data folder of Countersign; nothing was removed.`, 1);
  }
  const running = await readFile(join(home, "run.json"), "utf8").catch(() => null);
  if (running && isAlive((JSON.parse(running) as { supervisor: number }).supervisor)) {
    return leave("Countersign is running from this folder. Stop it first (Ctrl-C).", 1);
  }
  if (!values.yes && !(await confirmed())) return leave("Nothing was removed.", 1);
  await removeEmbedded(join(home, "postgres"));
  await rm(home, { recursive: true, force: true });
  leave(`Removed ${home}. npm start begins anew.`, 0);
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write("No terminal to ask on; use --yes if you mean it.\n");
    return false;
  }
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question(
    `This removes every incident, decision and trail entry in ${home} for good.\nType "remove" to go on: `,
  );
  ask.close();
  return answer.trim() === "remove";
}

function leave(message: string, code: number): void {
  process.stdout.write(`${message}\n`);
  process.exitCode = code;
}
