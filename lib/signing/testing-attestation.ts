import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { decodeAttestationObject, isoCBOR } from "@simplewebauthn/server/helpers";
import { sha256 } from "#lib/trail/tree.ts";
import { base64url, fromBase64url } from "./passkey.ts";
import type { SoftPasskey } from "./testing-passkey.ts";

/** For tests: enrolments whose attestation says more than none. */

type Made = ReturnType<SoftPasskey["made"]>;
type Statement = Map<string, unknown>;

/** The same enrolment with another attestation (WebAuthn 3, 6.5). */
function attested(made: Made, format: string, statement: Statement): Made {
  const object = new Map<string, unknown>([
    ["fmt", format],
    ["attStmt", statement],
    ["authData", authDataOf(made)],
  ]);
  const bytes = isoCBOR.encode(object as Parameters<typeof isoCBOR.encode>[0]);
  return { ...made, attestationObject: base64url(bytes) };
}

function authDataOf(made: Made): Uint8Array {
  const bytes = new Uint8Array(fromBase64url(made.attestationObject));
  return new Uint8Array(decodeAttestationObject(bytes).get("authData"));
}

/** By the new key itself (8.2, self attestation); with certificates when some are given. */
export function packed(passkey: SoftPasskey, made: Made, certificates?: Uint8Array[]): Made {
  const signed = Buffer.concat([authDataOf(made), clientDataHash(made)]);
  const statement: Statement = new Map<string, unknown>([
    ["alg", -7],
    ["sig", new Uint8Array(passkey.signBytes(signed))],
  ]);
  if (certificates) statement.set("x5c", certificates);
  return attested(made, "packed", statement);
}

/** An attestation in a format of makers, with a chain of certificates whose first names a list of revocations. */
export function makers(format: string, made: Made, certificates: Uint8Array[]): Made {
  return attested(
    made,
    format,
    new Map<string, unknown>([
      ["alg", -7],
      ["sig", new Uint8Array(randomBytes(70))],
      ["ver", "2.0"],
      ["x5c", certificates],
      ["certInfo", new Uint8Array(randomBytes(70))],
      ["pubArea", new Uint8Array(randomBytes(70))],
      ["response", new Uint8Array(randomBytes(70))],
    ]),
  );
}

function clientDataHash(made: Made): Buffer {
  return sha256(fromBase64url(made.clientDataJSON));
}

/**
 * A certificate of the passkey's key as an Android device makes it (8.4), naming `listUrl` for revocations, and the root
 * that signed it.
 */
export function androidChain(passkey: SoftPasskey, made: Made, listUrl: string): Uint8Array[] {
  const root = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const rootKey = root.publicKey.export({ type: "spki", format: "der" });
  const description = asn1(
    0x30,
    hex("020103 0a0101 020104 0a0101"),
    asn1(0x04, clientDataHash(made)),
    hex("0400 3000 3000"),
  );
  const points = asn1(
    0x30,
    asn1(0x30, asn1(0xa0, asn1(0xa0, asn1(0x86, Buffer.from(listUrl, "latin1"))))),
  );
  const extensions = [
    asn1(0x30, hex("060a2b06010401d679020111"), asn1(0x04, description)),
    asn1(0x30, hex("0603551d1f"), asn1(0x04, points)),
  ];
  const issue = (name: string, key: Buffer, with_: Buffer[]) => {
    const body = asn1(
      0x30,
      hex(`a003020102 020101 ${ECDSA_SHA256}`),
      nameIs("root"),
      asn1(0x30, ...[-1, 1].map((days) => dayFromNow(days))),
      nameIs(name),
      key,
      ...(with_.length > 0 ? [asn1(0xa3, asn1(0x30, ...with_))] : []),
    );
    const signature = Buffer.concat([Buffer.of(0), sign("sha256", body, root.privateKey)]);
    return new Uint8Array(asn1(0x30, body, hex(ECDSA_SHA256), asn1(0x03, signature)));
  };
  return [issue("leaf", passkey.publicKey, extensions), issue("root", rootKey, [])];
}

const ECDSA_SHA256 = "300a06082a8648ce3d040302";

function nameIs(name: string): Buffer {
  const value = asn1(0x0c, Buffer.from(name));
  return asn1(0x30, asn1(0x31, asn1(0x30, hex("0603550403"), value)));
}

function dayFromNow(days: number): Buffer {
  const at = new Date(Date.now() + days * 86_400_000).toISOString();
  return asn1(0x18, Buffer.from(`${at.slice(0, 19).replaceAll(/[-:T]/g, "")}Z`));
}

/** Tag, length and parts (X.690, DER). */
function asn1(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  if (size < 0x80) return Buffer.concat([Buffer.of(tag, size), content]);
  return Buffer.concat([Buffer.of(tag, 0x82, size >> 8, size & 0xff), content]);
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}
