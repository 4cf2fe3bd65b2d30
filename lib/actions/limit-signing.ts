import { recordPasswordRefused } from "#lib/commands/record-password-refused.ts";
import type { LivePerson } from "#lib/auth/session.ts";
import { db } from "#lib/boundary/data.ts";
import { by } from "./by.ts";
import type { Refusal } from "#lib/boundary/define-action.ts";
import { beginSigning, settleSigning } from "#lib/auth/limits.ts";
import { log } from "#lib/boundary/log.ts";
import { isProblem } from "#lib/domain/problem.ts";

/**
 * Runs an act that asks for the password; after ten wrong ones within fifteen minutes the person waits. Counted before
 * the password is looked at: an attempt whose process was killed stays counted until a right password or the quarter's end.
 */
export async function limitSigning<T extends { ok: boolean }>(
  person: LivePerson,
  run: () => Promise<T>,
): Promise<T | Refusal> {
  const { id: personId } = person;
  const wait = await beginSigning(personId);
  if (wait > 0) {
    const minutes = Math.ceil(wait / 60);
    const message = `Too many wrong passwords. Try again in ${minutes} minute${minutes === 1 ? "" : "s"}; nothing was signed.`;
    return { ok: false, code: "too_many_attempts", message, reasons: [] };
  }
  let wrong = false;
  let right = false;
  try {
    const result = await run();
    right = result.ok;
    return result;
  } catch (error) {
    wrong = isProblem(error) && error.code === "password_wrong";
    if (wrong) await recordPasswordRefused(db(), by(person));
    throw error;
  } finally {
    // What was done is done: an attempt that stays counted costs one of ten for a while, an answer that is lost costs more.
    if (!wrong)
      await settleSigning(personId, right ? "right" : "not_asked").catch((error: unknown) =>
        log().warn({ personId, err: error }, "an attempt to sign stays counted"),
      );
  }
}
