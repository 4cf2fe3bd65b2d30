import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { ownerUrl } from "#lib/db/provision.ts";
import { adminDatabaseUrl, homeDirectory } from "#lib/env.ts";
import { runningAdminUrl } from "../running.ts";

const REASON_MAX = 1000;

/** What an operator asks of the log: why and who, as the trail will tell it; the data folder; and the owner's address. */
export type OperatorsRequest = {
  why: { reason: string; by: string };
  home: string;
  owner: string;
};

/** Reads `--reason "..." [--by NAME] [--data-dir DIR]`. Throws with a sentence when no reason is given. */
export async function operatorsRequest(argv: string[]): Promise<OperatorsRequest> {
  const { values } = parseArgs({
    args: argv,
    options: {
      reason: { type: "string" },
      by: { type: "string" },
      "data-dir": { type: "string" },
    },
  });
  const reason = values.reason?.trim() ?? "";
  if (reason === "" || reason.length > REASON_MAX)
    throw new Error(`Say why: --reason "..." (at most ${REASON_MAX} characters).`);
  const home = values["data-dir"] ?? homeDirectory();
  const owner = ownerUrl(adminDatabaseUrl() ?? (await runningAdminUrl(home)));
  return { why: { reason, by: values.by?.trim() || userInfo().username }, home, owner };
}
