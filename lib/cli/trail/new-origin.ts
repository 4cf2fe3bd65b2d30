import { join } from "node:path";
import { continueLog, frozenLog } from "#lib/db/freeze-log.ts";
import { organisation } from "#lib/env.ts";
import { logName, renameLog, verifierKeysOf } from "#lib/signing/log-origin.ts";
import { nextOrigin } from "#lib/trail/origin.ts";
import { say } from "../progress.ts";
import type { TrailCommand } from "../trail.ts";
import { operatorsRequest } from "./operators-request.ts";

/** Lets a frozen log go on under another name and key. Where the signer's folder is; cut off, it is called again. */
export const newOriginCommand: TrailCommand = {
  usage:
    '--reason "..." [--by NAME] [--data-dir DIR]: lets a frozen log go on under another name and key',
  async run(argv) {
    const { why, home, owner } = await operatorsRequest(argv);
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
