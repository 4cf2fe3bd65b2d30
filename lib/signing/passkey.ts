import { createPublicKey, verify } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { verifyRegistrationResponse, type RegistrationResponseJSON } from "@simplewebauthn/server";
import {
  cose,
  decodeAttestationObject,
  decodeCredentialPublicKey,
  parseAuthenticatorData,
} from "@simplewebauthn/server/helpers";
import { PASSKEY_ALGORITHMS } from "#lib/domain/people/passkey.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";
import type { RelyingParty } from "./relying-party.ts";

/** A passkey's answer does not hold; the message says why, for the log. */
export class PasskeyError extends Error {
  override name = "PasskeyError";
}

export type MadePasskey = {
  credentialId: Buffer;
  /** DER of SubjectPublicKeyInfo. */
  publicKey: Buffer;
  signCount: number;
};

/**
 * Checks what a browser says of a credential it made (WebAuthn 3, 7.1): challenge, origin, relying party, that the
 * authenticator verified the person, and a key of ours. Which maker it is of is not asked, and no certificate is looked
 * at. Throws PasskeyError.
 */
export async function checkEnrolment(given: {
  response: RegistrationResponseJSON;
  challenge: Uint8Array;
  party: RelyingParty;
}): Promise<MadePasskey> {
  const checked = await orPasskeyError(() => {
    holdsNoCertificate(given.response.response.attestationObject);
    return verifyRegistrationResponse({
      response: given.response,
      expectedChallenge: base64url(given.challenge),
      expectedOrigin: given.party.origin,
      expectedRPID: given.party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    });
  });
  if (!checked.verified) throw new PasskeyError("the enrolment does not verify");
  const { id, publicKey, counter } = checked.registrationInfo.credential;
  return {
    credentialId: Buffer.from(id, "base64url"),
    publicKey: await orPasskeyError(async () => spkiOfCose(publicKey)),
    signCount: counter,
  };
}

/**
 * For an attestation with certificates the library asks the addresses that these name for revocations: whoever enrols
 * would choose where this process connects. None is asked for, so only statements without certificates are read on:
 * none at all (WebAuthn 3, 8.7), or one by the new key itself (8.2, self attestation). Decoded as the library does it.
 */
function holdsNoCertificate(attestationObject: string): void {
  const attestation = decodeAttestationObject(new Uint8Array(fromBase64url(attestationObject)));
  if (!(attestation instanceof Map)) throw new PasskeyError("this is no attestation");
  const format: unknown = attestation.get("fmt");
  const statement: unknown = attestation.get("attStmt");
  if (!(statement instanceof Map) || (format !== "none" && format !== "packed"))
    throw new PasskeyError("an attestation of another kind than none or self");
  if (statement.has("x5c")) throw new PasskeyError("an attestation with certificates");
}

/** What stands in a sign-off: the answer of the authenticator, byte for byte. */
export type Assertion = {
  authenticatorData: Uint8Array;
  clientDataJson: Uint8Array;
  signature: Uint8Array;
};

/**
 * Verifies an assertion over a statement (WebAuthn 3, 7.2): its challenge is the statement's sha256, at our origin, by
 * a person whom the authenticator verified, with a counter beyond the stored one. The library reads the authenticator's
 * data; the signature is openssl's to judge, as it is an auditor's of what is stored: the library reads the DER of ECDSA
 * leniently. Throws PasskeyError.
 */
export async function checkAssertion(given: {
  assertion: Assertion;
  statementSha256: Uint8Array;
  passkey: { credentialId: Uint8Array; publicKey: Uint8Array; signCount: number };
  party: RelyingParty;
}): Promise<void> {
  const { assertion, passkey, party } = given;
  checkClientData(assertion.clientDataJson, given.statementSha256, party);
  const data = await orPasskeyError(async () =>
    parseAuthenticatorData(new Uint8Array(assertion.authenticatorData)),
  );
  const { flags, counter } = data;
  if (!sha256(party.id).equals(data.rpIdHash)) throw new PasskeyError("for another RP ID");
  if (!flags.up) throw new PasskeyError("the person was not present");
  if (!flags.uv) throw new PasskeyError("the person was not verified");
  if (flags.bs && !flags.be) throw new PasskeyError("backed up, and not to be backed up");
  if (counter <= passkey.signCount && (counter > 0 || passkey.signCount > 0))
    throw new PasskeyError("the counter did not go on");
  if (!(await orPasskeyError(async () => opensslVerifies(assertion, passkey.publicKey))))
    throw new PasskeyError("the signature does not verify");
}

/** WebAuthn 3, 7.2, steps 10 to 14. */
function checkClientData(bytes: Uint8Array, statementSha256: Uint8Array, party: RelyingParty) {
  const said = clientDataOf(bytes);
  if (said?.["type"] !== "webauthn.get") throw new PasskeyError("another type than webauthn.get");
  if (said["challenge"] !== base64url(statementSha256))
    throw new PasskeyError("another challenge than the statement");
  if (said["origin"] !== party.origin) throw new PasskeyError("at another origin");
  if ((said["crossOrigin"] ?? false) !== false || "topOrigin" in said)
    throw new PasskeyError("in a frame of another origin");
}

function opensslVerifies(assertion: Assertion, publicKey: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey), type: "spki", format: "der" });
  if (!isOurs(key)) throw new PasskeyError("with a key of another kind");
  const signed = Buffer.concat([assertion.authenticatorData, sha256(assertion.clientDataJson)]);
  return verify("sha256", signed, key, assertion.signature);
}

/** ES256 on P-256, or RS256 with 2,048 to 4,096 bits and the usual exponent: what enrolment takes. */
function isOurs({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === "ec") return details?.namedCurve === "prime256v1";
  const bits = details?.modulusLength ?? 0;
  return type === "rsa" && bits >= 2048 && bits <= 4096 && details?.publicExponent === 65_537n;
}

/** The challenge that a passkey's answer carries, or null: so that a refusal can say that the statement was another. */
export function challengeOf(clientDataJson: Uint8Array): string | null {
  const challenge = clientDataOf(clientDataJson)?.["challenge"];
  return typeof challenge === "string" ? challenge : null;
}

function clientDataOf(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const said: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof said === "object" && said !== null ? (said as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** What a person's password proves when they enrol a passkey, as `gate.passkey_statement` writes it: RFC 8785 JSON. */
export function passkeyStatement(of: {
  personId: string;
  credentialId: Buffer;
  publicKey: Buffer;
  name: string;
}): string {
  return canonicalJson({
    act: "enrol_passkey",
    credential: of.credentialId.toString("hex"),
    name: of.name,
    person: of.personId,
    publicKey: of.publicKey.toString("hex"),
    v: 1,
  });
}

/** What a person's password proves when they revoke a passkey, as `gate.revocation_statement` writes it. */
export function revocationStatement(of: { passkeyId: string; personId: string }): string {
  const { passkeyId, personId } = of;
  return canonicalJson({ act: "revoke_passkey", passkey: passkeyId, person: personId, v: 1 });
}

/** SubjectPublicKeyInfo (DER) of a COSE key (RFC 9052) of type EC2 on P-256, or RSA of 2048 to 4096 bits with e = 65537. */
export function spkiOfCose(bytes: Uint8Array): Buffer {
  const key = decodeCredentialPublicKey(new Uint8Array(bytes));
  const jwk = jwkOfCose(key);
  return createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "der" });
}

function jwkOfCose(key: cose.COSEPublicKey): JsonWebKey {
  if (cose.isCOSEPublicKeyEC2(key)) {
    const [x, y] = [key.get(cose.COSEKEYS.x), key.get(cose.COSEKEYS.y)];
    if (key.get(cose.COSEKEYS.crv) === cose.COSECRV.P256 && x && y)
      return { kty: "EC", crv: "P-256", x: base64url(x), y: base64url(y) };
  }
  if (cose.isCOSEPublicKeyRSA(key)) {
    const [n, e] = [key.get(cose.COSEKEYS.n), key.get(cose.COSEKEYS.e)];
    if (n && e) {
      if (!isRsaOfUse(n, e)) throw new PasskeyError("an RSA key of another size or exponent");
      return { kty: "RSA", n: base64url(n), e: base64url(e) };
    }
  }
  throw new PasskeyError("a key of another kind than P-256 or RSA");
}

/** 2048 to 4096 bits, as NIST SP 800-131A asks and openssl can check in no time, and the exponent that all makers use. */
function isRsaOfUse(n: Uint8Array, e: Uint8Array): boolean {
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  return bits >= 2048 && bits <= 4096 && Buffer.from(e).equals(RSA_E);
}

const RSA_E = Buffer.of(1, 0, 1);
export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

export function fromBase64url(text: string): Buffer {
  return Buffer.from(text, "base64url");
}

/** The library says what is wrong by throwing plain errors. */
async function orPasskeyError<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    throw error instanceof PasskeyError
      ? error
      : new PasskeyError((error as Error).message, { cause: error });
  }
}
