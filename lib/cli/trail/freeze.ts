import { freezeLog } from "#lib/db/freeze-log.ts";
import { say } from "../progress.ts";
import type { TrailCommand } from "../trail.ts";
import { operatorsRequest } from "./operators-request.ts";

/** Stops the log when its key may be stolen: what is written stands, and nothing more is. */
export const freezeCommand: TrailCommand = {
  usage:
    '--reason "..." [--by NAME] [--data-dir DIR]: stops the log; nothing is written after this',
  async run(argv) {
    const { why, owner } = await operatorsRequest(argv);
    const seq = await freezeLog(owner, why);
    say(
      `The log is frozen: entry ${seq} is its last. Every command that writes is refused from here on.`,
    );
    say(
      "Keep the newest checkpoint with its cosignature outside. Then: npm run trail -- new-origin",
    );
    return 0;
  },
};
