import { knownTransports } from "#lib/contracts/passkey-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { sqlState, transact } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";
import { checkEnrolment, passkeyStatement, PasskeyError } from "#lib/signing/passkey.ts";
import { enrolmentChallenge, relyingParty, type RelyingParty } from "#lib/signing/relying-party.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { proofOfText } from "./proof-over.ts";

export type EnrolPasskey = {
  name: string;
  /** Re-entered for this key; only the key made from it leaves this function. */
  password: string;
  /** What the browser answered; base64url. */
  made: { id: string; clientDataJSON: string; attestationObject: string; transports: string[] };
  /** The session in which it was made. */
  sessionId: string;
};

/**
 * Enrols a passkey for the person who is signed in. Their password proves that they want this key under this name;
 * the database checks that proof and writes the trail. Throws Problem: `passkey_refused`, `passkey_known`,
 * `password_wrong`, `role_too_low`.
 */
export async function enrolPasskey(
  db: Db,
  input: EnrolPasskey,
  { by, party = relyingParty() }: { by: Actor; party?: RelyingParty },
): Promise<{ ok: true; passkeyId: string }> {
  const { name, made } = input;
  const { id, clientDataJSON, attestationObject } = made;
  const key = await checkEnrolment({
    response: {
      id,
      rawId: id,
      type: "public-key",
      clientExtensionResults: {},
      response: { clientDataJSON, attestationObject },
    },
    challenge: enrolmentChallenge({ personId: by.id, sessionId: input.sessionId }),
    party,
  }).catch(refuse);
  const statement = passkeyStatement({ ...key, personId: by.id, name });
  const proof = await proofOfText(db, { statement, password: input.password }, by.id);
  try {
    return await withGuards(() =>
      transact(db, by, async (tx) => {
        const rows = await tx.$queryRaw<{ id: string }[]>`
          SELECT gate.enrol_passkey(${by.id}::uuid, ${key.credentialId}::bytea, ${key.publicKey}::bytea,
            ${key.signCount}::bigint, ${name}, ${knownTransports(made.transports)}::text[], ${proof}::bytea) AS id`;
        return { ok: true, passkeyId: rows[0]!.id };
      }),
    );
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new Problem("passkey_known", 409, "This passkey is enrolled already.");
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof PasskeyError)) throw error;
  throw new Problem(
    "passkey_refused",
    400,
    "What the browser made is no passkey that can be enrolled here. Try again, or with another device.",
    { internal: error.message },
  );
}
