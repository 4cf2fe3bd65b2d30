/** Attacks over HTTP on passkeys: on who enrols and revokes which, and on what is taken for a signature by one. */
import { randomBytes } from "node:crypto";
import { revokeForTest } from "#lib/db/testing-passkeys.ts";
import { base64url } from "#lib/signing/passkey.ts";
import type { Said, SoftPasskey } from "#lib/signing/testing-passkey.ts";
import type { ActionAnswer } from "../drill/product-web.ts";
import type { HttpAttack } from "./http-attacks.ts";
import { ask, type HttpDesk, type HttpWho } from "./http-desk.ts";
import {
  assertionOf,
  enrolled,
  enrolOverHttp,
  newKey,
  signOverHttp,
  type Enrolling,
  type Signing,
} from "./passkey-desk.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const UNVERIFIED = 0x01;
const ABSENT = 0x04;
const EVIL = "https://evil.example";

export const PASSKEY_HTTP_ATTACKS: HttpAttack[] = [
  // Who enrols.
  enrols("signed_out", "nobody", { as: null }),
  enrols("signed_out", "someone who has left", { as: "left" }),
  enrols("not_allowed", "an auditor", { as: "aud" }),
  enrols("not_allowed", "an admin", { as: "adm" }),
  // What.
  enrols(
    "password_wrong",
    "with a wrong password",
    { as: "bo", sent: { password: "guess" } },
    "G6",
  ),
  enrols(
    "password_wrong",
    "with another's password",
    { as: "bo", sent: { password: "password of lea" } },
    "G6",
  ),
  enrols("passkey_refused", "what was made in another's session", { as: "bo", madeFor: "lea" }),
  enrols("passkey_refused", "what was made in another's name", { as: "bo", inNameOf: "lea" }),
  enrols("passkey_refused", "what was made at another address", {
    as: "bo",
    said: { origin: EVIL },
  }),
  enrols("passkey_refused", "what was made for another host", {
    as: "bo",
    said: { rpId: "x.example" },
  }),
  enrols("passkey_refused", "what verified nobody", { as: "bo", said: { flags: UNVERIFIED } }),
  enrols("passkey_refused", "what was made to sign", { as: "bo", said: { type: "webauthn.get" } }),
  enrols("input_invalid", "for another person", { as: "bo", sent: { personId: NOBODY } }),
  enrols("input_invalid", "under a name of two lines", { as: "bo", sent: { name: "a\nb" } }),
  {
    name: "enrolling another person's key",
    refusedBy: "passkey_known",
    run: async (d) => enrolOverHttp(d, { as: "bo", key: await enrolled(d, "lea") }),
  },
  {
    name: "enrolling a key again that was revoked",
    refusedBy: "passkey_known",
    run: async (d) => {
      const key = await enrolled(d, "bo");
      await revokeForTest(d.world.web, key.id, d.people.bo);
      return enrolOverHttp(d, { as: "bo", key });
    },
  },
  // Who revokes.
  revokes("signed_out", "nobody", null, "bo"),
  revokes("not_allowed", "an auditor", "aud", "bo"),
  { ...revokes("role_too_low", "another analyst", "ana", "bo"), guard: "G3" },
  { ...revokes("role_too_low", "a lead", "lea", "bo"), guard: "G3" },
  {
    name: "revoking what is not there",
    refusedBy: "not_found",
    guard: "G10",
    run: (d) => revoked(d, "bo", NOBODY),
  },
  // Who signs.
  signs("signed_out", "nobody", { as: null }),
  signs("not_allowed", "an auditor", { as: "aud", key: undefined }, byKeyOf("bo")),
  signs("not_allowed", "an admin", { as: "adm" }, byKeyOf("bo")),
  signs("passkey_of_another", "by another's key", { as: "lea" }, byKeyOf("bo"), "G6"),
  signs("signer_is_proposer", "the proposer", { as: "ana" }, undefined, "G4"),
  signs(
    "role_too_low",
    "an analyst a containment",
    { as: "bo" },
    async (d) => ({ over: d.containment }),
    "G3",
  ),
  signs("passkey_unknown", "by a key that nobody enrolled", { as: "bo" }, async (d) => ({
    key: newKey(d),
  })),
  signs(
    "passkey_revoked",
    "by a revoked key",
    { as: "bo" },
    async (d) => {
      const key = await enrolled(d, "bo");
      await revokeForTest(d.world.web, key.id, d.people.bo);
      return { key };
    },
    "G6",
  ),
  signs("input_invalid", "for another person", { as: "bo", sent: { personId: NOBODY } }),
  signs("input_invalid", "a rejection", { as: "bo", sent: { outcome: "rejected" } }),
  // Over what.
  asserts("statement_changed", "over another statement", { statementSha256: randomBytes(32) }),
  asserts("passkey_refused", "made to enrol", { type: "webauthn.create" }),
  asserts("passkey_refused", "made at another address", { origin: EVIL }),
  asserts("passkey_refused", "made for another host", { rpId: "x.example" }),
  asserts("passkey_refused", "made in a frame", { clientData: { crossOrigin: true } }),
  asserts("passkey_refused", "made under another page", { clientData: { topOrigin: EVIL } }),
  asserts("passkey_refused", "that verified nobody", { flags: UNVERIFIED }),
  asserts("passkey_refused", "without anybody there", { flags: ABSENT }),
  signs("passkey_refused", "of a copy that is behind", { as: "bo", said: { counter: 1 } }, usedKey),
  signs("passkey_refused", "by another key than it names", { as: "bo" }, async (d) => {
    const [key, other] = [newKey(d), await enrolled(d, "bo")];
    return { key, sent: { credentialId: base64url(other.credentialId) } };
  }),
  signs("statement_changed", "replayed for another decision", { as: "bo" }, async (d) => {
    const key = await enrolled(d, "bo");
    const { decisionId: _, ...sent } = assertionOf(key, d.withdrawn);
    return { key, sent };
  }),
  signs("not_open", "what was withdrawn", { as: "bo" }, async (d) => ({ over: d.withdrawn }), "G1"),
  signs(
    "not_open",
    "what is in effect",
    { as: "lea" },
    async (d) => ({
      over: d.world.closed.decision,
    }),
    "G1",
  ),
  signs("stale", "what went stale", { as: "bo" }, async (d) => ({ over: d.stale })),
  signs("decision_not_found", "what is not there", { as: "bo", sent: { decisionId: NOBODY } }),
  // Past the web process.
  knocks("content_type", "from a page", { headers: { origin: "http://localhost" } }),
  knocks("passkey_of_another", "for another person", { personOf: "lea" }),
  knocks("input_invalid", "for nobody", { personOf: null }),
];

function enrols(refusedBy: string, how: string, given: Enrolling, guard?: string): HttpAttack {
  return { name: `enrolling: ${how}`, refusedBy, guard, run: (d) => enrolOverHttp(d, given) };
}

async function revoked(d: HttpDesk, as: HttpWho | null, passkeyId: string): Promise<ActionAnswer> {
  const { password } = d.people[as ?? "bo"];
  return ask(d, "revokePasskey", { passkeyId, password }, { as, of: { incidentId: d.bare } });
}

function revokes(refusedBy: string, who: string, as: HttpWho | null, of: HttpWho): HttpAttack {
  return {
    name: `revoking another's passkey: ${who}`,
    refusedBy,
    run: async (d) => revoked(d, as, (await enrolled(d, of)).id),
  };
}

type Otherwise = (d: HttpDesk) => Promise<Partial<Signing>>;

function signs(
  refusedBy: string,
  how: string,
  given: Signing,
  otherwise: Otherwise = async () => ({}),
  guard?: string,
): HttpAttack {
  return {
    name: `signing by passkey: ${how}`,
    refusedBy,
    guard,
    run: async (d) => signOverHttp(d, { ...given, ...(await otherwise(d)) }),
  };
}

function asserts(refusedBy: string, how: string, said: Partial<Said>, guard?: string): HttpAttack {
  return signs(refusedBy, `an assertion ${how}`, { as: "bo", said }, undefined, guard);
}

function byKeyOf(who: HttpWho): Otherwise {
  return async (d) => ({ key: await enrolled(d, who) });
}

/** Enrolled, and beyond its first signature. */
async function usedKey(d: HttpDesk): Promise<{ key: SoftPasskey }> {
  const key = await enrolled(d, "bo");
  await d.world.owner.query("update passkey set sign_count = 5 where id = $1", [key.id]);
  return { key };
}

type Knock = { headers?: Record<string, string>; personOf?: HttpWho | null };

/** Straight at the verifier's door, with an assertion that bo made and that holds. */
function knocks(refusedBy: string, how: string, { headers, personOf = "bo" }: Knock): HttpAttack {
  return {
    name: `knocking at the verifier: ${how}`,
    refusedBy,
    run: async (d) => {
      const assertion = assertionOf(await enrolled(d, "bo"), d.open());
      const personId = personOf === null ? undefined : d.people[personOf].id;
      const answer = await fetch(`${d.web.verifierUrl}/sign-offs`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ ...assertion, personId }),
      });
      const { ok, code = null } = (await answer.json()) as { ok?: boolean; code?: string };
      const none = { guard: null, reasons: [], data: {} };
      return { status: answer.status, ok: ok ?? false, code, ...none };
    },
  };
}
