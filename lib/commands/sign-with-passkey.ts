import type { VerifierInput } from "#lib/contracts/passkey-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transactOnce } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";
import {
  base64url,
  challengeOf,
  checkAssertion,
  fromBase64url,
  PasskeyError,
} from "#lib/signing/passkey.ts";
import type { RelyingParty } from "#lib/signing/relying-party.ts";
import { withGuards } from "./guard-problem.ts";
import { signedOf, type GateAnswer, type Signed } from "./sign-decision.ts";

type Found = {
  public_key: Uint8Array | null;
  sign_count: bigint | null;
  statement_sha256: Uint8Array;
};

/**
 * Signs a decision with a passkey; for the verifier's login alone. The assertion is verified here, everything that can
 * be told of it without that is checked again by the gate, which carries the decision out when enough sign-offs stand
 * and writes the trail. Throws Problem: `passkey_refused`, `statement_changed`, `passkey_revoked`,
 * `passkey_of_another`, `passkey_copied`, or what the gate says of the decision and the person.
 */
export async function signWithPasskey(
  db: Db,
  input: VerifierInput,
  party: RelyingParty,
): Promise<Signed> {
  const { credentialId, ...assertion } = assertionOf(input);
  const answer = await withGuards(() =>
    transactOnce({ kind: "person", session: input.session }, async (claims) => {
      // No lock is held yet. In this turn, so that those who wait read on the few connections that have signed before.
      const found = await find(db, input.decisionId, credentialId);
      await verifyAssertion({ ...found, assertion, party });
      const rows = await db.$queryRaw<{ answer: GateAnswer }[]>`
        SELECT gate.sign_with_passkey(${input.decisionId}::uuid, ${input.personId}::uuid, ${credentialId}::bytea,
          ${assertion.authenticatorData}::bytea, ${assertion.clientDataJson}::bytea, ${assertion.signature}::bytea,
          ${input.reason}) AS answer FROM ${claims}`;
      return rows[0]!.answer;
    }),
  );
  return signedOf(answer);
}

type Sent = Pick<
  VerifierInput,
  "credentialId" | "authenticatorData" | "clientDataJSON" | "signature"
>;

/** The parts of an assertion as bytes. */
export function assertionOf(input: Sent) {
  return {
    credentialId: fromBase64url(input.credentialId),
    authenticatorData: fromBase64url(input.authenticatorData),
    clientDataJson: fromBase64url(input.clientDataJSON),
    signature: fromBase64url(input.signature),
  };
}

/** Throws Problem `statement_changed` where another statement was signed, `passkey_refused` where the assertion does not hold. */
export async function verifyAssertion(given: Parameters<typeof checkAssertion>[0]): Promise<void> {
  if (challengeOf(given.assertion.clientDataJson) !== base64url(given.statementSha256)) {
    throw new Problem(
      "statement_changed",
      409,
      "What you were shown is not what would be signed; read the statement again.",
    );
  }
  await checkAssertion(given).catch(refuse);
}

async function find(db: Db, decisionId: string, credentialId: Buffer) {
  const rows = await db.$queryRaw<Found[]>`
    SELECT d.statement_sha256, k.public_key, k.sign_count
    FROM decision d LEFT JOIN passkey k ON k.credential_id = ${credentialId}::bytea
    WHERE d.id = ${decisionId}::uuid`;
  const row = rows[0];
  if (!row) throw new Problem("decision_not_found", 404, "There is no such decision.");
  return { passkey: knownPasskey(row, credentialId), statementSha256: row.statement_sha256 };
}

/** Throws Problem `passkey_unknown`. */
export function knownPasskey(row: Pick<Found, "public_key" | "sign_count">, credentialId: Buffer) {
  if (row.public_key === null || row.sign_count === null) {
    throw new Problem("passkey_unknown", 403, "This passkey is not enrolled. Nothing was signed.");
  }
  return { credentialId, publicKey: row.public_key, signCount: Number(row.sign_count) };
}

function refuse(error: unknown): never {
  if (!(error instanceof PasskeyError)) throw error;
  throw new Problem(
    "passkey_refused",
    403,
    "The passkey's answer does not hold. Nothing was signed.",
    { internal: error.message },
  );
}
