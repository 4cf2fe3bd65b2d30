import { parseArgs } from "node:util";
import { createClient } from "#lib/db/prisma.ts";
import { ownerUrl } from "#lib/db/provision.ts";
import { adminDatabaseUrl, homeDirectory } from "#lib/env.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { FSCK_CHECKS, type FsckResult, type FsckWatch } from "#lib/trail/fsck.ts";
import { say, step } from "../progress.ts";
import { runningAdminUrl } from "../running.ts";
import type { TrailCommand } from "../trail.ts";

/** Exit code 0 when every check holds, 1 when one does not, 2 when the database cannot be read. */
export const fsckCommand: TrailCommand = {
  usage: "[--data-dir DIR]: makes the whole trail anew from its bytes and compares",
  async run(argv) {
    const { values } = parseArgs({ args: argv, options: { "data-dir": { type: "string" } } });
    const home = values["data-dir"] ?? homeDirectory();
    const db = createClient(ownerUrl(adminDatabaseUrl() ?? (await runningAdminUrl(home))), 1);
    try {
      const results = await step("The trail, made anew from its bytes", (note) =>
        checkWholeTrail(db, { onProgress: now(note) }),
      );
      return tell(results);
    } finally {
      await db.$disconnect();
    }
  },
};

/** Says how far it is: each twentieth of the way is one line. */
function now(note: (text: string) => void): NonNullable<FsckWatch["onProgress"]> {
  let told = "";
  return (walk, done, size) => {
    const by = walk === "entries" ? "entry by entry" : "incident by incident";
    const share = `${Math.floor((done / Math.max(1, size)) * 20) * 5} % of ${size.toLocaleString("en")} entries, ${by}`;
    if (share !== told) note(share);
    told = share;
  };
}

/** One line a check, in order. */
function tell(results: FsckResult[]): number {
  for (const { check, n, fault } of results) {
    const line = `${FSCK_CHECKS[check]} (${n.toLocaleString("en")})`;
    say(fault === null ? `  ok    ${line}` : `  FAIL  ${line}: ${fault}`);
  }
  const holds = results.every(({ fault }) => fault === null);
  say(holds ? "Every check holds." : "This is NOT the trail as it was written.");
  return holds ? 0 : 1;
}
