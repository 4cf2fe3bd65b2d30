import { openSession } from "#lib/commands/open-session.ts";
import { recordSignInRefused } from "#lib/commands/record-sign-in-refused.ts";
import type { Db } from "#lib/db/prisma.ts";
import { addressOf } from "./address.ts";
import { beginSignIn, forgetFailedSignIns } from "./limits.ts";
import { passwordMatches } from "./password.ts";

export type SignInInput = {
  email: string; // lower case
  password: string;
  headers: Record<string, string | string[] | undefined>;
};

/** Its message is what the sign-in page reads: `too_many_attempts:` and the seconds to wait. */
export class TooManyAttempts extends Error {
  override name = "TooManyAttempts";
}

/**
 * A new session for the right password, else null. Unknown account, wrong password and inactive
 * person give the same answer in the same time; only a long run of failures is answered otherwise
 * (an error whose message the sign-in page shows).
 */
export async function signIn(
  db: Db,
  input: SignInInput,
): Promise<{ id: string; sessionId: string } | null> {
  const address = addressOf(input.headers);
  const wait = await beginSignIn(input.email, address);
  if (wait > 0) throw new TooManyAttempts(`too_many_attempts:${wait}`);

  const person = await db.person.findUnique({
    where: { email: input.email },
    select: { id: true, passwordHash: true, role: true, active: true, human: true },
  });
  const matches = await passwordMatches(person?.passwordHash ?? null, input.password);
  if (!person || !matches || !person.active || !person.human) {
    await recordSignInRefused(db, { personId: person?.id ?? null, address });
    return null;
  }
  await forgetFailedSignIns(input.email, address);
  const userAgent = input.headers["user-agent"];
  const session = await openSession(db, {
    personId: person.id,
    role: person.role,
    address,
    userAgent: typeof userAgent === "string" ? userAgent.slice(0, 300) : null,
  });
  return { id: person.id, sessionId: session.id };
}
