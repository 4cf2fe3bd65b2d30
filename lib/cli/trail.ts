/** `npm run trail -- COMMAND`: what an operator does with the record; one file for each command in lib/cli/trail. */
import { BackupError } from "#lib/db/backup.ts";
import { PayloadKeyError } from "#lib/db/payload-key.ts";
import { StartError } from "./progress.ts";

/** Does its work with the arguments after its name; returns the exit code. */
type Command = (argv: string[]) => Promise<number>;

const COMMANDS: Record<string, () => Promise<Command>> = {
  backup: async () => (await import("./trail/backup.ts")).backup,
  restore: async () => (await import("./trail/restore.ts")).restore,
};

const [name = "", ...argv] = process.argv.slice(2);
process.exitCode = await run();

async function run(): Promise<number> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    process.stderr.write(`Usage: npm run trail -- ${Object.keys(COMMANDS).join(" | ")} ...\n`);
    return 1;
  }
  try {
    return await (
      await load()
    )(argv);
  } catch (error) {
    const isTold =
      error instanceof BackupError ||
      error instanceof PayloadKeyError ||
      error instanceof StartError;
    if (!isTold) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
