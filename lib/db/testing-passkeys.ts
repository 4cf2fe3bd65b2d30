import type pg from "pg";
import { passkeyStatement, revocationStatement } from "#lib/signing/passkey.ts";
import { SoftPasskey, TEST_PARTY, type Said } from "#lib/signing/testing-passkey.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { proofOf } from "./testing-gate.ts";
import type { ProposalRow, Sql } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";
import type { TestDatabase } from "./testing.ts";

export type EnrolledPasskey = SoftPasskey & { id: string };
export type Enrolling = {
  person: TestPerson;
  passkey?: SoftPasskey;
  name?: string;
  /** Default: made from the person's password over the right statement. */
  proof?: Uint8Array;
};

/** Says for which address passkeys of a test are. */
export async function setTestParty(db: TestDatabase): Promise<void> {
  await db.pools.owner.query("select gate.set_relying_party($1, $2)", [
    TEST_PARTY.id,
    TEST_PARTY.origin,
  ]);
}

/** Enrols a passkey by plain SQL through the gate, as the web login does. */
export async function enrolForTest(web: Sql, enrolling: Enrolling): Promise<EnrolledPasskey> {
  const { person, passkey = new SoftPasskey(), name = "key ring" } = enrolling;
  const { credentialId, publicKey } = passkey;
  const statement = passkeyStatement({ personId: person.id, credentialId, publicKey, name });
  const proof = enrolling.proof ?? (await proofOf(web, person, sha256(statement)));
  const { rows } = await web.query(
    "select gate.enrol_passkey($1, $2, $3, 0, $4, '{usb}', $5) as id",
    [person.id, credentialId, publicKey, name, proof],
  );
  return Object.assign(passkey, { id: rows[0].id as string });
}

export async function revokeForTest(
  web: Sql,
  passkeyId: string,
  by: TestPerson,
  given?: Uint8Array,
): Promise<void> {
  const statement = revocationStatement({ passkeyId, personId: by.id });
  const proof = given ?? (await proofOf(web, by, sha256(statement)));
  await web.query("select gate.revoke_passkey($1, $2, $3)", [passkeyId, by.id, proof]);
}

export type PasskeySigning = {
  person: TestPerson;
  passkey: SoftPasskey;
  /** What the assertion says otherwise than it should. */
  said?: Partial<Said>;
  assertion?: ReturnType<SoftPasskey["sign"]>;
};

/** Hands an assertion to the gate without verifying it: what a verifier that lost its mind could do. */
export async function signByPasskey(
  verifier: Pick<pg.Pool, "query">,
  decision: ProposalRow,
  { person, passkey, said, assertion }: PasskeySigning,
): Promise<Record<string, unknown>> {
  const given = assertion ?? passkey.sign({ statementSha256: decision.sha256, ...said });
  const { rows } = await verifier.query(
    "select gate.sign_with_passkey($1, $2, $3, $4, $5, $6) as answer",
    [
      decision.id,
      person.id,
      passkey.credentialId,
      given.authenticatorData,
      given.clientDataJson,
      given.signature,
    ],
  );
  return rows[0].answer;
}
