import { createPublicKey, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { verifyRegistrationResponse } from "@simplewebauthn/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "#lib/trail/tree.ts";
import {
  challengeOf,
  checkAssertion,
  checkEnrolment,
  fromBase64url,
  PasskeyError,
  spkiOfCose,
  type Assertion,
} from "./passkey.ts";
import { enrolmentChallenge, relyingParty } from "./relying-party.ts";
import { androidChain, makers, packed } from "./testing-attestation.ts";
import { hasOpenssl, opensslSays } from "./testing-openssl.ts";
import { coseOfSpki, SoftPasskey, TEST_PARTY as party, type Said } from "./testing-passkey.ts";

const STATEMENT = "the statement that was read";
const statementSha256 = sha256(STATEMENT);

function check(passkey: SoftPasskey, assertion: Assertion, signCount = 0): Promise<void> {
  const { credentialId, publicKey } = passkey;
  return checkAssertion({
    assertion,
    statementSha256,
    passkey: { credentialId, publicKey, signCount },
    party,
  });
}

describe("an assertion over a statement", () => {
  test.each(["ES256", "RS256"] as const)("by %s is good", async (kind) => {
    const passkey = new SoftPasskey(kind);
    await expect(check(passkey, passkey.sign({ statementSha256 }))).resolves.toBeUndefined();
  });

  const BAD: [name: string, said: Partial<Said>, why: RegExp][] = [
    ["over another statement", { statementSha256: sha256("another") }, /challenge/],
    ["made to enrol", { type: "webauthn.create" }, /type/],
    ["made at another origin", { origin: "https://desk.example.evil" }, /origin/],
    ["made at another port", { origin: "https://desk.example:8443" }, /origin/],
    ["for another host", { rpId: "evil.example" }, /RP ID/],
    ["without the person verified", { flags: 0x01 }, /verif/i],
    ["without the person present", { flags: 0x04 }, /present/],
    [
      "in a frame of another site",
      { clientData: { crossOrigin: true, topOrigin: "https://e" } },
      /origin/i,
    ],
    ["with the counter it had", { counter: 0 }, /counter/],
  ];
  test.each(BAD)("%s is refused", async (_, said, why) => {
    const passkey = new SoftPasskey();
    passkey.signCount = 7;
    const assertion = passkey.sign({ statementSha256, ...said });
    const refused = check(passkey, assertion, 7);
    await expect(refused).rejects.toThrow(PasskeyError);
    await expect(refused).rejects.toThrow(why);
  });

  test("of another key is refused", async () => {
    const assertion = new SoftPasskey().sign({ statementSha256 });
    await expect(check(new SoftPasskey(), assertion)).rejects.toThrow(PasskeyError);
  });

  test("with any one byte changed is refused, and with any part cut", async () => {
    const passkey = new SoftPasskey();
    const good = passkey.sign({ statementSha256 });
    const parts = ["authenticatorData", "clientDataJson", "signature"] as const;
    let accepted = 0;
    for (const part of parts) {
      for (let at = 0; at < good[part].length; at += 1) {
        for (const bit of [1, 0x80]) {
          const bytes = Buffer.from(good[part]);
          bytes[at]! ^= bit;
          accepted += await check(passkey, { ...good, [part]: bytes }).then(
            () => 1,
            () => 0,
          );
        }
      }
      const cut = { ...good, [part]: good[part].subarray(1) };
      await expect(check(passkey, cut)).rejects.toThrow(PasskeyError);
    }
    expect(accepted).toBe(0);
  });

  test("of any bytes at all ends in a refusal", async () => {
    const passkey = new SoftPasskey();
    const bytes = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(
        bytes,
        bytes,
        bytes,
        async (authenticatorData, clientDataJson, signature) => {
          const given = { authenticatorData, clientDataJson, signature };
          await expect(check(passkey, given)).rejects.toThrow(PasskeyError);
          expect(challengeOf(clientDataJson)).toBeNull();
        },
      ),
    );
  });

  test("is checked by openssl alone, from what is stored", ({ skip }) => {
    if (!hasOpenssl()) skip();
    const passkey = new SoftPasskey();
    const good = passkey.sign({ statementSha256 });
    const stored = { ...good, publicKey: passkey.publicKey, statement: STATEMENT };
    expect(opensslSays(stored)).toEqual({
      verdict: "Verified OK",
      challenge: challengeOf(good.clientDataJson),
    });
    const other = passkey.sign({ statementSha256: sha256("another") });
    expect(opensslSays({ ...stored, signature: other.signature }).verdict).toBe(
      "Verification failure",
    );
  });
});

const challenge = enrolmentChallenge({ personId: "p", sessionId: "s" });

function answerOf(made: ReturnType<SoftPasskey["made"]>) {
  const { id } = made;
  return {
    id,
    rawId: id,
    type: "public-key",
    clientExtensionResults: {},
    response: made,
  } as const;
}

describe("an enrolment", () => {
  const enrol = (made: ReturnType<SoftPasskey["made"]>) =>
    checkEnrolment({ response: answerOf(made), challenge, party });

  test.each(["ES256", "RS256"] as const)("of %s gives its id and key", async (kind) => {
    const passkey = new SoftPasskey(kind);
    const { credentialId, publicKey, signCount } = await enrol(passkey.made(challenge));
    expect(credentialId).toEqual(passkey.credentialId);
    expect(publicKey).toEqual(passkey.publicKey);
    expect(signCount).toBe(0);
  });

  const BAD: [name: string, made: () => ReturnType<SoftPasskey["made"]>][] = [
    ["made for another session", () => new SoftPasskey().made(sha256("another"))],
    ["without the person verified", () => new SoftPasskey().made(challenge, { flags: 0x01 })],
    ["at another origin", () => new SoftPasskey().made(challenge, { origin: "https://evil" })],
    ["for another host", () => new SoftPasskey().made(challenge, { rpId: "evil.example" })],
    ["that is an assertion", () => new SoftPasskey().made(challenge, { type: "webauthn.get" })],
    ["of no CBOR", () => ({ ...new SoftPasskey().made(challenge), attestationObject: "AAAA" })],
  ];
  test.each(BAD)("%s is refused", async (_, made) => {
    await expect(enrol(made())).rejects.toThrow(PasskeyError);
  });
});

describe("an enrolment with an attestation", () => {
  test("by the key itself is taken; with a certificate it is not", async () => {
    const passkey = new SoftPasskey();
    const made = passkey.made(challenge);
    const enrol = (certificates?: Uint8Array[]) =>
      checkEnrolment({
        response: answerOf(packed(passkey, made, certificates)),
        challenge,
        party,
      });
    expect(await enrol()).toMatchObject({ publicKey: passkey.publicKey });
    await expect(enrol([])).rejects.toThrow(/certificates/);
    await expect(enrol([new Uint8Array(9)])).rejects.toThrow(/certificates/);
  });

  test("of a maker is refused, and the list of revocations it names is not asked for", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const formats = ["android-key", "android-safetynet", "apple", "tpm", "fido-u2f", "compound"];
    const made = (format: string) => {
      const passkey = new SoftPasskey();
      const plain = passkey.made(challenge);
      return makers(format, plain, androidChain(passkey, plain, `${url}/${format}`));
    };
    for (const format of formats) {
      const refused = checkEnrolment({ response: answerOf(made(format)), challenge, party });
      await expect(refused, format).rejects.toThrow(/another kind than none or self/);
    }
    expect(asked).toEqual([]);
    // The library by itself does ask: what is refused here is no invention.
    const handedOn = verifyRegistrationResponse({
      response: answerOf(made("android-key")),
      expectedChallenge: Buffer.from(challenge).toString("base64url"),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
    });
    await expect(handedOn).rejects.toThrow(/root certificate/);
    expect(asked).toEqual(["/android-key"]);
    server.close();
  });
});

/** Of any odd number of that many bits: whether it is a product of primes is not what is asked. */
function rsaKey(bits: number, e = "AQAB"): Buffer {
  const n = randomBytes(bits / 8);
  n[0]! |= 0x80;
  n[n.length - 1]! |= 1;
  const jwk = { kty: "RSA", n: n.toString("base64url"), e };
  return createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "der" });
}

test("an RSA key has 2048 to 4096 bits and the exponent 65537", () => {
  for (const spki of [rsaKey(2048), rsaKey(4096)])
    expect(spkiOfCose(coseOfSpki(spki))).toEqual(spki);
  for (const spki of [rsaKey(2040), rsaKey(4104), rsaKey(2048, "Aw")])
    expect(() => spkiOfCose(coseOfSpki(spki))).toThrow(/another size or exponent/);
});

test("a key is the same after COSE and back", () => {
  for (const kind of ["ES256", "RS256"] as const) {
    const { publicKey } = new SoftPasskey(kind);
    expect(spkiOfCose(coseOfSpki(publicKey))).toEqual(publicKey);
  }
});

test("a key of another kind is refused", () => {
  const ed25519 = fromBase64url("pAEBAycgBiFYIA").toString("hex") + "11".repeat(32);
  expect(() => spkiOfCose(Buffer.from(ed25519, "hex"))).toThrow(PasskeyError);
});

test("the relying party is the host and the origin people use", () => {
  expect(relyingParty(new URL("http://localhost:3000/x"))).toEqual({
    id: "localhost",
    origin: "http://localhost:3000",
  });
  expect(relyingParty(new URL("https://desk.example"))).toEqual(party);
});
