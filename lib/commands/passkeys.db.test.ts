import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propose, sign } from "#lib/db/testing-gate.ts";
import type { ProposalRow } from "#lib/db/testing-gate.ts";
import { makeIncident, type TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld, openProposal } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { listHeldPasskeys } from "#lib/queries/list-held-passkeys.ts";
import { listPasskeys } from "#lib/queries/list-passkeys.ts";
import { base64url } from "#lib/signing/passkey.ts";
import { enrolmentChallenge } from "#lib/signing/relying-party.ts";
import { hasOpenssl, opensslSays } from "#lib/signing/testing-openssl.ts";
import { SoftPasskey, TEST_PARTY as party, type Said } from "#lib/signing/testing-passkey.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { enrolPasskey } from "./enrol-passkey.ts";
import { revokePasskey } from "./revoke-passkey.ts";
import { signWithPasskey } from "./sign-with-passkey.ts";

const sessionId = "0198c0de-0000-7000-8000-000000000000";
let world: World;

beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const actor = (person: TestPerson) => ({ kind: "person", session: null, id: person.id }) as const;

async function enrol(person: TestPerson, over: { password?: string; passkey?: SoftPasskey } = {}) {
  const passkey = over.passkey ?? new SoftPasskey();
  const challenge = enrolmentChallenge({ personId: person.id, sessionId });
  const { passkeyId } = await enrolPasskey(
    world.db.web,
    {
      name: "key ring",
      password: over.password ?? person.password,
      made: passkey.made(challenge),
      sessionId,
    },
    { by: actor(person), party },
  );
  return { passkey, passkeyId };
}

const revoke = (passkeyId: string, by: TestPerson, password = by.password) =>
  revokePasskey(world.db.web, { passkeyId, password }, actor(by));

type Signing = { person: TestPerson; passkey: SoftPasskey; said?: Partial<Said> };

function inputOf(decision: ProposalRow, { person, passkey, said }: Signing) {
  const made = passkey.sign({ statementSha256: decision.sha256, ...said });
  return {
    decisionId: decision.id,
    personId: person.id,
    session: null,
    credentialId: base64url(passkey.credentialId),
    authenticatorData: base64url(made.authenticatorData),
    clientDataJSON: base64url(made.clientDataJson),
    signature: base64url(made.signature),
    reason: null,
  };
}

const signBy = (decision: ProposalRow, signing: Signing) =>
  signWithPasskey(world.db.verifier, inputOf(decision, signing), party);

async function trailOf(kind: string): Promise<Record<string, unknown>> {
  const { rows } = await world.owner.query(
    `select convert_from(p.bytes, 'UTF8')::jsonb as payload, e.role from trail.entry e join trail.payload p using (seq)
     where e.kind = $1 order by seq desc limit 1`,
    [kind],
  );
  return { ...rows[0].payload, login: rows[0].role };
}

describe("a passkey", () => {
  test("is enrolled by its person's password, is listed, and stands on the trail with its key", async () => {
    const { passkey, passkeyId } = await enrol(world.lea);
    expect(await listPasskeys(world.db.web, world.lea.id)).toMatchObject([
      { id: passkeyId, name: "key ring", lastUsedAt: null, revokedAt: null, transports: ["usb"] },
    ]);
    expect(await trailOf("passkey.enrolled")).toMatchObject({
      passkey: passkeyId,
      credential: passkey.credentialId.toString("hex"),
      publicKey: passkey.publicKey.toString("hex"),
      login: "countersign_web",
    });
    const { rows } = await world.owner.query("select 1 from outbox where kind = 'passkey.changed'");
    expect(rows.length).toBeGreaterThan(0);
  });

  test("is not enrolled with a wrong password, nor twice, nor when it was made in another session", async () => {
    await expect(enrol(world.bo, { password: "guess" })).rejects.toMatchObject({
      code: "password_wrong",
    });
    const passkey = new SoftPasskey();
    await enrol(world.bo, { passkey });
    await expect(enrol(world.bo, { passkey })).rejects.toMatchObject({ code: "passkey_known" });
    const elsewhere = {
      name: "x",
      password: world.bo.password,
      made: new SoftPasskey().made(enrolmentChallenge({ personId: world.bo.id, sessionId: "y" })),
      sessionId,
    };
    await expect(
      enrolPasskey(world.db.web, elsewhere, { by: actor(world.bo), party }),
    ).rejects.toMatchObject({ code: "passkey_refused" });
  });

  test("of who signs nothing is not enrolled", async () => {
    await expect(enrol(world.adm)).rejects.toMatchObject({ code: "role_too_low" });
    await expect(enrol(world.aud)).rejects.toMatchObject({ code: "role_too_low" });
  });

  test("is not enrolled a second time under another id, by anybody", async () => {
    const passkey = new SoftPasskey();
    await enrol(world.bo, { passkey });
    const copy = new SoftPasskey();
    Object.assign(copy, { publicKey: passkey.publicKey });
    await expect(enrol(world.lea, { passkey: copy })).rejects.toMatchObject({
      code: "passkey_known",
    });
  });

  test("is revoked by its person or an admin with their password, once, and by nobody else", async () => {
    const { passkeyId } = await enrol(world.bo);
    await expect(revoke(passkeyId, world.lea)).rejects.toMatchObject({ code: "role_too_low" });
    for (const person of [world.bo, world.adm])
      await expect(revoke(passkeyId, person, "guess")).rejects.toMatchObject({
        code: "password_wrong",
      });
    expect(await revokedAt(passkeyId)).toEqual([{ revoked_at: null }]);
    await revoke(passkeyId, world.adm);
    expect(await trailOf("passkey.revoked")).toMatchObject({ passkey: passkeyId });
    const [first] = await revokedAt(passkeyId);
    await revoke(passkeyId, world.bo);
    expect(await revokedAt(passkeyId)).toEqual([first]);
  });
});

test("everybody's passkeys are listed page by page, the newest first, each once", async () => {
  for (let left = 5; left > 0; left -= 1) await enrol(left % 2 ? world.bo : world.lea);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listHeldPasskeys(world.db.web, { cursor, limit: 2 });
    expect(page.passkeys.length).toBeLessThanOrEqual(2);
    seen.push(...page.passkeys.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor);
  const { rows } = await world.owner.query("select id from passkey order by enrolled_at desc");
  expect(seen).toEqual(rows.map(({ id }) => id));
  expect(seen.length).toBeGreaterThan(5);
  await expect(listHeldPasskeys(world.db.web, { cursor: "x", limit: 2 })).rejects.toMatchObject({
    code: "cursor_invalid",
  });
});

async function revokedAt(passkeyId: string): Promise<unknown[]> {
  const { rows } = await world.owner.query("select revoked_at from passkey where id = $1", [
    passkeyId,
  ]);
  return rows;
}

describe("a signature by passkey", () => {
  test("closes an incident; row and trail hold what was signed", async () => {
    const { passkey, passkeyId } = await enrol(world.bo);
    const decision = await openProposal(world);
    const answer = await signBy(decision, { person: world.bo, passkey });
    expect(answer).toEqual({ ok: true, state: "in_effect", signOffs: 1, needed: 1 });
    const row = await signOffOf(decision);
    expect(row).toMatchObject({ assurance: "passkey", passkey_id: passkeyId, proof: null });
    expect(await trailOf("decision.signed")).toMatchObject({
      assurance: "passkey",
      passkey: passkeyId,
      credential: passkey.credentialId.toString("hex"),
      authenticatorDataSha256: sha256(row.authenticator_data).toString("hex"),
      clientDataSha256: sha256(row.client_data_json).toString("hex"),
      signatureSha256: sha256(row.signature).toString("hex"),
      login: "countersign_verifier",
    });
    const listed = await listPasskeys(world.db.web, world.bo.id);
    expect(listed.find(({ id }) => id === passkeyId)?.lastUsedAt).toMatch(/Z$/);
    expect(await signBy(decision, { person: world.bo, passkey })).toMatchObject({
      ok: false,
      code: "already_signed",
    });
  });

  test("is told from a password where the policy asks for a passkey; a rejection needs none", async () => {
    await world.owner.query(
      `insert into policy_rule select (select max(policy_version) + 1 from policy_rule), kind, sign_offs, min_role,
         distinct_from_proposer, 'passkey', proposal_minutes, sign_off_minutes
       from policy_rule where policy_version = (select max(policy_version) from policy_rule)`,
    );
    const { passkey } = await enrol(world.bo);
    const decision = await openProposal(world);
    await expect(sign(world.web, decision, { person: world.bo })).rejects.toThrow(
      "G6 the policy asks for a passkey",
    );
    expect(await signBy(decision, { person: world.bo, passkey })).toMatchObject({
      state: "in_effect",
    });
    const another = await openProposal(world);
    const answer = await sign(world.web, another, { person: world.bo, outcome: "rejected" });
    expect(answer).toEqual({ state: "rejected" });
  });

  test("no longer counts when its passkey is revoked before the decision takes effect", async () => {
    await world.owner.query(
      `insert into policy_rule select (select max(policy_version) + 1 from policy_rule), kind, 2, min_role,
         distinct_from_proposer, 'passkey', proposal_minutes, sign_off_minutes
       from policy_rule where policy_version = (select max(policy_version) from policy_rule)`,
    );
    const [bo, lea] = [await enrol(world.bo), await enrol(world.lea)];
    const { id: incidentId } = await makeIncident(world.db);
    const decision = await propose(world.web, { incidentId, proposer: world.ana });
    const first = await signBy(decision, { person: world.bo, passkey: bo.passkey });
    expect(first).toMatchObject({ state: "proposed", signOffs: 1, needed: 2 });
    await revoke(bo.passkeyId, world.bo);
    const second = await signBy(decision, { person: world.lea, passkey: lea.passkey });
    expect(second).toMatchObject({ state: "proposed", signOffs: 1, needed: 2 });
  });

  test("is refused by name when it is another's, revoked, unknown, copied, or over another statement", async () => {
    const { passkey, passkeyId } = await enrol(world.bo);
    const decision = await openProposal(world);
    const said = (code: string, signing: Partial<Signing>) =>
      expect(signBy(decision, { person: world.bo, passkey, ...signing })).rejects.toMatchObject({
        code,
      });
    await said("passkey_of_another", { person: world.lea });
    await said("passkey_unknown", { passkey: new SoftPasskey() });
    await said("statement_changed", { said: { statementSha256: sha256("other") } });
    await said("passkey_refused", { said: { flags: 0x01 } });
    await said("passkey_refused", { said: { origin: "https://evil.example" } });
    await world.owner.query("update passkey set sign_count = 1000 where id = $1", [passkeyId]);
    await said("passkey_refused", { said: { counter: 1000 } });
    await revoke(passkeyId, world.bo);
    await said("passkey_revoked", { said: { counter: 1001 } });
  });

  test("with one byte changed in any place is refused, and the one unchanged is not", async () => {
    const { passkey } = await enrol(world.bo);
    const decision = await openProposal(world);
    const good = inputOf(decision, { person: world.bo, passkey });
    let tried = 0;
    for (const part of ["authenticatorData", "clientDataJSON", "signature"] as const) {
      const bytes = Buffer.from(good[part], "base64url");
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << (at % 8);
        const input = { ...good, [part]: base64url(flipped) };
        await expect(signWithPasskey(world.db.verifier, input, party)).rejects.toHaveProperty(
          "code",
        );
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(200);
    expect(await signOffOf(decision)).toBeUndefined();
    expect(await signWithPasskey(world.db.verifier, good, party)).toMatchObject({ ok: true });
  });

  test("stands for openssl, from what is stored and nothing else", async ({ skip }) => {
    if (!hasOpenssl()) skip();
    const { passkey } = await enrol(world.lea);
    const decision = await openProposal(world);
    await signBy(decision, { person: world.lea, passkey });
    const row = await signOffOf(decision);
    const stored = {
      publicKey: row.public_key,
      statement: decision.statement,
      authenticatorData: row.authenticator_data,
      clientDataJson: row.client_data_json,
      signature: row.signature,
    };
    const { challenge } = JSON.parse(row.client_data_json.toString("utf8")) as {
      challenge: string;
    };
    expect(opensslSays(stored)).toEqual({ verdict: "Verified OK", challenge });
    row.authenticator_data[36]! ^= 1;
    expect(opensslSays(stored).verdict).toBe("Verification failure");
  });
});

describe("what the database takes an assertion for", () => {
  test("is for the address that the owner set, whatever the verifier believes; the same address is set once", async () => {
    const set = (id: string, origin: string) =>
      world.owner.query("select gate.set_relying_party($1, $2)", [id, origin]);
    const { passkey } = await enrol(world.bo);
    const decision = await openProposal(world);
    await set("desk2.example", "https://desk2.example");
    await expect(signBy(decision, { person: world.bo, passkey })).rejects.toMatchObject({
      code: "passkey_refused",
      message: expect.stringContaining("G6 passkey: it was used at another address"),
    });
    await set(party.id, party.origin);
    await set(party.id, party.origin);
    const { rows } = await world.owner.query(
      "select rp_id from gate.relying_party order by number",
    );
    expect(rows.map((row) => row.rp_id)).toEqual([party.id, "desk2.example", party.id]);
    expect(await signBy(decision, { person: world.bo, passkey })).toMatchObject({ ok: true });
  });

  test("is an object of JSON or nothing, of any bytes, and never an error", async () => {
    const read = async (bytes: Uint8Array) => {
      const { rows } = await world.owner.query("select gate.client_data($1) as data", [bytes]);
      return rows[0].data as unknown;
    };
    const odd = ["[1]", "null", '{"a":"\\u0000"}', "[".repeat(50_000), '{"a":1e400000}', "\u00ff"];
    for (const text of odd) expect(await read(Buffer.from(text, "latin1"))).toBeNull();
    expect(await read(Buffer.from('{"a":1}'))).toEqual({ a: 1 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        expect(await read(Buffer.from(bytes))).toBeNull();
      }),
    );
  });
});

type Stored = {
  authenticator_data: Buffer;
  client_data_json: Buffer;
  signature: Buffer;
  public_key: Buffer;
};

async function signOffOf(decision: ProposalRow): Promise<Stored> {
  const { rows } = await world.owner.query(
    "select s.*, k.public_key from sign_off s join passkey k on k.id = s.passkey_id where decision_id = $1",
    [decision.id],
  );
  return rows[0];
}
