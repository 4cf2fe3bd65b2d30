import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deriveSignKey, signProof } from "#lib/signing/sign-key.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { openTogether } from "./testing-bulk.ts";
import { CONTENTS, propose, sign } from "./testing-gate.ts";
import { enrolForTest, setTestParty, signByPasskey } from "./testing-passkeys.ts";
import { makeIncident } from "./testing-people.ts";
import { makeWorld, openProposal } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

// The gate writes these payloads member by member; the oracle is the product's own RFC 8785.
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

async function payloadsOf(decision: { id: string; incidentId: string }) {
  const { rows } = await world.web.query<{ kind: string; text: string }>(
    `select e.kind, convert_from(p.bytes, 'UTF8') as text from trail.entry e join trail.payload p using (seq)
     where e.kind like 'decision.%' and e.incident_id in (select $2::uuid union select incident_id from transition where decision_id = $1)
     order by e.seq`,
    [decision.id, decision.incidentId],
  );
  return rows.map(({ kind, text }) => {
    const said = JSON.parse(text) as Record<string, unknown>;
    expect(text).toBe(canonicalJson(said));
    return { kind, said };
  });
}

test("whatever the reason says, what is told of a signature and its effect is canonical and complete", async () => {
  const reason = fc
    .string({ unit: "binary", minLength: 1, maxLength: 60 })
    .filter((text) => !text.includes("\0") && text.isWellFormed() && text.trim() !== "");
  const { rows } = await world.web.query("select gate.sign_salt($1) as salt", [world.bo.id]);
  const key = await deriveSignKey(world.bo.password, rows[0].salt);
  const told = fc.oneof(
    reason,
    fc.constantFrom('a "quote" \\', "line\nend\u001f\u007f", "é𝄞\u2028"),
  );
  await fc.assert(
    fc.asyncProperty(told, told, async (why, signersWhy) => {
      const { id: incidentId } = await makeIncident(world.db);
      const content = { ...CONTENTS.escalation, reason: why };
      const decision = await propose(world.web, {
        ...{ incidentId, proposer: world.ana, kind: "escalation" },
        forged: { content: JSON.stringify(content) },
        statementSays: { content },
      });
      const proof = signProof(key, decision.sha256);
      await world.web.query("select gate.sign_decision($1, $2, 'approved', $3, $4, $5)", [
        ...[decision.id, world.bo.id, decision.sha256, proof, signersWhy],
      ]);
      const [, signed, effect] = await payloadsOf(decision);
      expect(signed).toMatchObject({
        kind: "decision.signed",
        said: { reason: signersWhy, role: "analyst", assurance: "password", outcome: "approved" },
      });
      expect(effect).toEqual({
        kind: "decision.took_effect",
        said: {
          ...{ content, decision: decision.id, kind: "escalation", reason: why, policyVersion: 1 },
          ...{ fromStatus: "new", toStatus: "new", fromVersion: 1 },
          signOffs: [signed!.said["signOff"]],
          statementSha256: decision.sha256.toString("hex"),
        },
      });
    }),
    { numRuns: 25 },
  );
});

test("of a passkey, its assertion is told by its digests", async () => {
  await setTestParty(world.db);
  const passkey = await enrolForTest(world.web, { person: world.bo });
  const decision = await openProposal(world, "escalation");
  await signByPasskey(world.db.pools.verifier, decision, { person: world.bo, passkey });
  const signed = (await payloadsOf(decision)).find(({ kind }) => kind === "decision.signed")!;
  expect(signed.said).toMatchObject({ passkey: passkey.id, assurance: "passkey" });
  expect(signed.said["credential"]).toBe(Buffer.from(passkey.credentialId).toString("hex"));
  expect(Object.keys(signed.said)).toEqual([
    ...["assurance", "authenticatorDataSha256", "clientDataSha256", "credential", "decision"],
    ...["kind", "outcome", "passkey", "reason", "role", "signOff", "signatureSha256"],
    "statementSha256",
  ]);
});

test("of many incidents, each is told under which it was proposed and of how many it is", async () => {
  const decision = await openTogether(world, 3);
  await sign(world.web, decision, { person: world.bo });
  const effects = (await payloadsOf(decision)).filter(
    ({ kind }) => kind === "decision.took_effect",
  );
  expect(effects).toHaveLength(3);
  for (const { said } of effects)
    expect(said).toMatchObject({ together: 3, proposedUnder: decision.incidentId });
});
