/** `npm run trail -- COMMAND`: what an operator does with the trail. Each command is a file of its own in `trail/`. */
import { backupCommand } from "./trail/backup.ts";
import { freezeCommand } from "./trail/freeze.ts";
import { fsckCommand } from "./trail/fsck.ts";
import { hammerCommand } from "./trail/hammer.ts";
import { newOriginCommand } from "./trail/new-origin.ts";
import { restoreCommand } from "./trail/restore.ts";

export type TrailCommand = {
  /** One line: the options, then what it does. */
  usage: string;
  /** Runs with what follows the command's name and gives the exit code. Throws an error whose message is a sentence. */
  run: (argv: string[]) => Promise<number>;
};

const COMMANDS: Record<string, TrailCommand> = {
  fsck: fsckCommand,
  hammer: hammerCommand,
  backup: backupCommand,
  restore: restoreCommand,
  freeze: freezeCommand,
  "new-origin": newOriginCommand,
};

/** Exit code 2: the command could not be carried out at all. */
const COULD_NOT = 2;

const [name = "", ...argv] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command) {
  process.exitCode = await command.run(argv).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return COULD_NOT;
  });
} else {
  const lines = Object.entries(COMMANDS).map(([each, { usage }]) => `  ${each} ${usage}`);
  process.stderr.write(`Usage: npm run trail -- COMMAND\n${lines.join("\n")}\n`);
  process.exitCode = COULD_NOT;
}
