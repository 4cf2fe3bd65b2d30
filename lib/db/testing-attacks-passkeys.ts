import { randomBytes } from "node:crypto";
import { SoftPasskey, type Said } from "#lib/signing/testing-passkey.ts";
import { guard } from "./testing-moves.ts";
import { revocationStatement } from "#lib/signing/passkey.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { proofOf, sign } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";
import {
  enrolForTest,
  revokeForTest,
  signByPasskey,
  type PasskeySigning,
} from "./testing-passkeys.ts";
import { openProposal, undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const PART = Buffer.alloc(64);
const UNASSURED: [name: string, outcome: string, proof: Buffer | null, signature: Buffer | null][] =
  [
    ["a rejection by passkey", "rejected", null, PART],
    ["a sign-off by passkey without a signature", "approved", null, null],
    ["a sign-off by passkey and password", "approved", PART, PART],
  ];

/** Attacks on passkeys: on who may enrol which, on what a row may become, and on what the gate takes for an assertion. */
export const PASSKEY_ATTACKS: Attack[] = [
  // who enrols what
  guard(
    "G2",
    "this must be",
    "someone who has left enrols",
    enrolling((w) => w.gone),
  ),
  guard(
    "G2",
    "this must be",
    "a machine enrols",
    enrolling((w) => w.machine),
  ),
  guard(
    "G3",
    "the role may not enrol",
    "an admin enrols",
    enrolling((w) => w.adm),
  ),
  guard(
    "G3",
    "the role may not enrol",
    "an auditor enrols",
    enrolling((w) => w.aud),
  ),
  guard("G6", "password proof", "enrolling with a made-up proof", async (w) =>
    enrolForTest(w.web, { person: w.bo, proof: randomBytes(32) }),
  ),
  guard("G6", "password proof", "enrolling for another with one's own password", async (w) =>
    enrolForTest(w.web, { person: { ...w.bo, password: w.ana.password } }),
  ),
  guard("G6", "password proof", "a proof for one key used for another", async (w) => {
    const { proof } = await passkeyRow(w, await enrolForTest(w.web, { person: w.bo }));
    return enrolForTest(w.web, { person: w.bo, proof });
  }),
  {
    ...guard("G6", "password proof", "the owner's own row without a proof", (w) =>
      undone(w.owner, (client) =>
        client.query(
          `insert into passkey (id, person_id, credential_id, public_key, sign_count, name, transports, proof)
           values (gen_random_uuid(), $1, $2, $3, 0, 'x', '{}', '')`,
          [w.bo.id, randomBytes(16), randomBytes(91)],
        ),
      ),
    ),
    notices: "check_passkey on passkey",
  },
  // what becomes of it
  changing("its key swapped", "public_key = '\\x" + "00".repeat(91) + "'"),
  changing("given to another person", "person_id = (select id from person where name = 'ana')"),
  changing("its counter turned back", "sign_count = -1"),
  changing("renamed", "name = 'other'"),
  guard("G10", "a passkey is fixed", "a revoked one brought back", async (w) => {
    const { id } = await enrolForTest(w.web, { person: w.bo });
    await revokeForTest(w.web, id, w.bo);
    return w.owner.query("update passkey set revoked_at = null, revoked_by = null where id = $1", [
      id,
    ]);
  }),
  guard("G3", "the role may not revoke", "an analyst revokes another's", async (w) => {
    const { id } = await enrolForTest(w.web, { person: w.bo });
    return revokeForTest(w.web, id, w.ana);
  }),
  guard("G2", "this must be an active", "someone who has left revokes", async (w) => {
    const { id } = await enrolForTest(w.web, { person: w.bo });
    return revokeForTest(w.web, id, w.gone);
  }),
  guard("G10", "there is no such passkey", "revoking what is not there", async (w) =>
    revokeForTest(w.web, w.bo.id, w.bo),
  ),
  guard("G6", "password proof", "revoking with a made-up proof", async (w) => {
    const { id } = await enrolForTest(w.web, { person: w.bo });
    return revokeForTest(w.web, id, w.bo, randomBytes(32));
  }),
  guard("G6", "password proof", "a proof for one passkey used to revoke another", async (w) => {
    const [one, other] = [
      await enrolForTest(w.web, { person: w.bo }),
      await enrolForTest(w.web, { person: w.bo }),
    ];
    const statement = revocationStatement({ passkeyId: one.id, personId: w.bo.id });
    const proof = await proofOf(w.web, w.bo, sha256(statement));
    return revokeForTest(w.web, other.id, w.bo, proof);
  }),
  // what is no assertion
  assertion("another statement", "over another statement", { statementSha256: randomBytes(32) }),
  assertion("this is no assertion", "made to enrol", { type: "webauthn.create" }),
  assertion("it was used at another", "at another origin", { origin: "https://evil.example" }),
  assertion("it was used at another", "in a frame", { clientData: { crossOrigin: true } }),
  assertion("it was used at another", "under a page", { clientData: { topOrigin: "https://e" } }),
  assertion("it is for another", "for another host", { rpId: "evil.example" }),
  assertion("it did not verify", "without the person verified", { flags: 0x01 }),
  assertion("it did not verify", "without the person present", { flags: 0x04 }),
  signing("this is no assertion", "of no JSON", async (w, passkey) => {
    const given = passkey.sign({ statementSha256: randomBytes(32) });
    return { assertion: { ...given, clientDataJson: Buffer.from("{\u0000") } };
  }),
  signing("it is for another", "with data cut short", async () => ({ cut: true })),
  // whose, and which
  signing("it is another person's", "by another person", async (w) => ({ person: w.lea })),
  signing("it is not enrolled", "by a key that nobody enrolled", async () => ({
    passkey: new SoftPasskey(),
  })),
  signing("it is revoked", "by a revoked passkey", async (w, passkey) => {
    await revokeForTest(w.web, passkey.id, w.bo);
    return {};
  }),
  signing("its counter did not go on", "by a copy that is behind", async (w, passkey) => {
    await signByPasskey(w.db.pools.verifier, await openProposal(w), {
      person: w.bo,
      passkey,
      said: { counter: 9 },
    });
    return { said: { counter: 9 } };
  }),
  signing("another statement", "replayed for another decision", async (w, passkey) => {
    const decision = await openProposal(w);
    const given = passkey.sign({ statementSha256: decision.sha256 });
    await signByPasskey(w.db.pools.verifier, decision, { person: w.bo, passkey, assertion: given });
    return { assertion: given };
  }),
  // through whom
  guard("G6", "passkey: only the verifier", "the owner's own row", async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.bo });
    const decision = await openProposal(w);
    return signByPasskey(w.owner, decision, { person: w.bo, passkey });
  }),
  guard("G4", "the proposer may not", "the proposer signs by passkey", async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.ana });
    return signByPasskey(w.db.pools.verifier, await openProposal(w), { person: w.ana, passkey });
  }),
  guard("G3", "the signer", "an analyst signs a containment by passkey", async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.bo });
    const decision = await openProposal(w, "containment");
    return signByPasskey(w.db.pools.verifier, decision, { person: w.bo, passkey });
  }),
  guard("G1", "there is no such", "signing by passkey what is not there", async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.bo });
    const decision = { ...(await openProposal(w)), id: w.bo.id };
    return signByPasskey(w.db.pools.verifier, decision, { person: w.bo, passkey });
  }),
  ...UNASSURED.map(unassured),
  guard("G6", "password proof", "a passkey's signature as a password's proof", async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.bo });
    const decision = await openProposal(w);
    const { signature } = passkey.sign({ statementSha256: decision.sha256 });
    return sign(w.web, decision, { person: w.bo, proof: signature });
  }),
];

/** A sign-off that is by passkey and rejects, or lacks a part, or has a proof as well; the owner, past the trigger. */
function unassured([name, outcome, proof, signature]: (typeof UNASSURED)[number]): Attack {
  return {
    name: `owner: ${name}`,
    says: 'new row for relation "sign_off" violates check constraint "sign_off_assured"',
    run: async (w) => {
      const { id } = await enrolForTest(w.web, { person: w.bo });
      const decision = await openProposal(w);
      await undone(w.owner, async (client) => {
        await client.query("alter table sign_off disable trigger check_sign_off");
        await client.query(
          `insert into sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, proof, at,
             passkey_id, authenticator_data, client_data_json, signature)
           values (gen_random_uuid(), $1, $2, '', $3, $4, 'passkey', $5, now(), $6, $7, $8, $9)`,
          [decision.id, w.bo.id, outcome, decision.sha256, proof, id, PART, PART, signature],
        );
      });
    },
  };
}

function enrolling(by: (w: World) => TestPerson): Attack["run"] {
  return (w) => enrolForTest(w.web, { person: by(w) });
}

async function passkeyRow(w: World, { id }: { id: string }): Promise<{ proof: Buffer }> {
  const { rows } = await w.owner.query("select proof from passkey where id = $1", [id]);
  return rows[0];
}

function changing(name: string, set: string): Attack {
  return guard("G10", "a passkey is fixed", `a passkey ${name}`, async (w) => {
    const { id } = await enrolForTest(w.web, { person: w.bo });
    return undone(w.owner, (client) =>
      client.query(`update passkey set ${set} where id = $1`, [id]),
    );
  });
}

function assertion(words: string, name: string, said: Partial<Said>): Attack {
  return signing(words, name, async () => ({ said }));
}

type Given = Partial<PasskeySigning> & { cut?: true };

/** Bo signs a closure by a fresh passkey, but for what `otherwise` changes. */
function signing(
  words: string,
  name: string,
  otherwise: (w: World, passkey: Awaited<ReturnType<typeof enrolForTest>>) => Promise<Given>,
): Attack {
  return guard("G6", `passkey: ${words}`, `an assertion ${name}`, async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.bo });
    const decision = await openProposal(w);
    const { cut, ...given } = await otherwise(w, passkey);
    if (cut) {
      const whole = passkey.sign({ statementSha256: decision.sha256 });
      given.assertion = { ...whole, authenticatorData: whole.authenticatorData.subarray(0, 36) };
    }
    return signByPasskey(w.db.pools.verifier, decision, { person: w.bo, passkey, ...given });
  });
}
