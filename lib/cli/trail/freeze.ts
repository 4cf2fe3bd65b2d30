import { parseArgs } from "node:util";
import { ownerUrl } from "#lib/db/provision.ts";
import { freezeLog } from "#lib/db/freeze-log.ts";
import { adminDatabaseUrl, homeDirectory } from "#lib/env.ts";
import { say } from "../progress.ts";
import { runningAdminUrl } from "../running.ts";
import type { TrailCommand } from "../trail.ts";
import { reasonAndWho } from "./reason.ts";

/** Stops the log when its key may be stolen: what is written stands, and nothing more is. */
export const freezeCommand: TrailCommand = {
  usage:
    '--reason "..." [--by NAME] [--data-dir DIR]: stops the log; nothing is written after this',
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
    const admin = adminDatabaseUrl() ?? (await runningAdminUrl(home));
    const seq = await freezeLog(ownerUrl(admin), why);
    say(
      `The log is frozen: entry ${seq} is its last. Every command that writes is refused from here on.`,
    );
    say(
      "Keep the newest checkpoint with its cosignature outside. Then: npm run trail -- new-origin",
    );
    return 0;
  },
};
