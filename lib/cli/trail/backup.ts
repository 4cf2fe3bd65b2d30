import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { backUp, BackupError } from "#lib/db/backup.ts";
import { ownerUrl } from "#lib/db/provision.ts";
import { adminDatabaseUrl, homeDirectory } from "#lib/env.ts";
import { say } from "../progress.ts";
import { runningAdminUrl } from "../running.ts";
import type { TrailCommand } from "../trail.ts";

const USAGE = "DIR [--data-dir DIR]";

export const backupCommand: TrailCommand = {
  usage: `${USAGE}: backs up a desk that runs, without its payload key and the signer's`,
  run: backUpDesk,
};

/** Every table as it stands at one moment. */
async function backUpDesk(argv: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { "data-dir": { type: "string" } },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0)
    throw new BackupError(`Usage: npm run trail -- backup ${USAGE}`);
  const admin =
    adminDatabaseUrl() ?? (await runningAdminUrl(values["data-dir"] ?? homeDirectory()));
  const { tables, trail } = await backUp(ownerUrl(admin), resolve(folder));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  say(`${rows} rows of ${tables.length} tables are in ${resolve(folder)}.`);
  say(`The trail in it has ${trail.size} entries and the root ${trail.root}.`);
  say("Keep payload.key and the signer's folder apart from it: it holds neither.");
  return 0;
}
