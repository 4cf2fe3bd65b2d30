import { userInfo } from "node:os";

const REASON_MAX = 1000;

/** Why an operator stops the log or lets it go on, and who that is, as the trail will tell it. Throws with a sentence. */
export function reasonAndWho({ reason, by }: { reason?: string; by?: string }) {
  const why = reason?.trim() ?? "";
  if (why === "" || why.length > REASON_MAX)
    throw new Error(`Say why: --reason "..." (at most ${REASON_MAX} characters).`);
  return { reason: why, by: by?.trim() || userInfo().username };
}
