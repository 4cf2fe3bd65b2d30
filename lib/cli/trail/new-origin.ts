import { join } from "node:path";
import { parseArgs } from "node:util";
import { continueLog, frozenLog } from "#lib/db/freeze-log.ts";
import { ownerUrl } from "#lib/db/provision.ts";
import { adminDatabaseUrl, homeDirectory, organisation } from "#lib/env.ts";
import { logName, renameLog, verifierKeysOf } from "#lib/signing/log-origin.ts";
import { nextOrigin } from "#lib/trail/origin.ts";
import { say } from "../progress.ts";
import { runningAdminUrl } from "../running.ts";
import type { TrailCommand } from "../trail.ts";
import { reasonAndWho } from "./reason.ts";

/** Lets a frozen log go on under another name and key. Where the signer's folder is; cut off, it is called again. */
export const newOriginCommand: TrailCommand = {
  usage:
    '--reason "..." [--by NAME] [--data-dir DIR]: lets a frozen log go on under another name and key',
  async run(argv) {
    const { values } = parseArgs({
      args: argv,
      options: {
        reason: { type: "string" },
        by: { type: "string" },
        "data-dir": { type: "string" },
      },
    });
    const why = reasonAndWho(values);
    const home = values["data-dir"] ?? homeDirectory();
    const owner = ownerUrl(adminDatabaseUrl() ?? (await runningAdminUrl(home)));
    const first = `countersign/${organisation()}/trail`;
    const { name, size, root } = await frozenLog(owner, first);
    const to = nextOrigin(name);
    const directory = join(home, "signer");
    // the key first: once the trail tells of the name, whoever still has the old key signs nothing more
    const here = await logName(directory, first);
    if (here === name) await renameLog(directory, { from: name, to });
    else if (here !== to)
      throw new Error(`The signer's folder is of the log ${here}, not of ${name}.`);
    const keys = await verifierKeysOf(directory, to);
    await continueLog(owner, { ...why, ...keys, from: name, to, size, root });
    say(
      `The log goes on as ${to}. Its first entry cites ${name} with ${size} entries and the root ${root}.`,
    );
    say("Its key, for auditors and for the witness's --log-key file, beside the old ones:");
    say(`\n  ${keys.key}\n`);
    return 0;
  },
};
