import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { signProof } from "#lib/signing/sign-key.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { signKeyOf } from "./sign-key-of.ts";

/** Digest and proof of a person who read a statement and re-enters the password for it. */
export async function proofOver(
  db: Db,
  { statementSha256, password }: { statementSha256: string; password: string },
  personId: string,
): Promise<{ sha256: Uint8Array<ArrayBuffer>; proof: Uint8Array<ArrayBuffer> }> {
  const digest = Buffer.from(statementSha256, "hex");
  if (digest.length !== 32) {
    const message = "What you were shown cannot be signed; load it again.";
    throw new Problem("statement_changed", 409, message);
  }
  const proof = signProof(await signKeyOf(db, password, personId), digest);
  return { sha256: new Uint8Array(digest), proof: new Uint8Array(proof) };
}

/** The same over a statement that is made here. */
export async function proofOfText(
  db: Db,
  { statement, password }: { statement: string; password: string },
  personId: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(signProof(await signKeyOf(db, password, personId), sha256(statement)));
}
