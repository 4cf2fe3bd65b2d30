import { createPublicKey, generateKeyPairSync, randomBytes, sign as signBytes } from "node:crypto";
import { sha256 } from "#lib/trail/tree.ts";
import { base64url, fromBase64url, type Assertion } from "./passkey.ts";
import type { RelyingParty } from "./relying-party.ts";

export const TEST_PARTY: RelyingParty = { id: "desk.example", origin: "https://desk.example" };

/** Bit 0: present; bit 2: verified; bit 6: a credential follows (WebAuthn 3, 6.1). */
const PRESENT_AND_VERIFIED = 0x05;
const WITH_CREDENTIAL = 0x40;

/** What an assertion says; what is left out is as an honest authenticator and browser would have it. */
export type Said = {
  statementSha256: Uint8Array;
  flags?: number;
  counter?: number;
  type?: string;
  origin?: string;
  rpId?: string;
  clientData?: Record<string, unknown>;
};

/** An authenticator in software, as strict or as careless as it is told. Its counter steps by one. */
export class SoftPasskey {
  readonly credentialId = randomBytes(32);
  readonly publicKey: Buffer;
  signCount = 0;
  #key;
  #party: RelyingParty;

  constructor(kind: "ES256" | "RS256" = "ES256", party: RelyingParty = TEST_PARTY) {
    const pair =
      kind === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.#key = pair.privateKey;
    this.#party = party;
    this.publicKey = pair.publicKey.export({ type: "spki", format: "der" });
  }

  /** What a browser answers to an enrolment without attestation. */
  made(challenge: Uint8Array, said: Partial<Said> = {}) {
    const credential = Buffer.concat([
      Buffer.alloc(16),
      Buffer.of(0, this.credentialId.length),
      this.credentialId,
      coseOfSpki(this.publicKey),
    ]);
    const flags = (said.flags ?? PRESENT_AND_VERIFIED) | WITH_CREDENTIAL;
    const data = Buffer.concat([this.#head({ ...said, flags }), credential]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(data.length);
    const attestation = Buffer.concat([
      Buffer.from("a363666d74646e6f6e656761747453746d74a0686175746844617461", "hex"),
      Buffer.of(0x59),
      length,
      data,
    ]);
    return {
      id: base64url(this.credentialId),
      clientDataJSON: base64url(this.#clientData(challenge, { type: "webauthn.create", ...said })),
      attestationObject: base64url(attestation),
      transports: ["usb", "telepathy"],
    };
  }

  sign(said: Said): Assertion {
    this.signCount += 1;
    const clientDataJson = this.#clientData(said.statementSha256, said);
    const authenticatorData = this.#head(said);
    const signed = Buffer.concat([authenticatorData, sha256(clientDataJson)]);
    return { authenticatorData, clientDataJson, signature: this.signBytes(signed) };
  }

  /** The key's signature over any bytes. */
  signBytes(bytes: Buffer): Buffer {
    return signBytes("sha256", bytes, this.#key);
  }

  #head({ flags = PRESENT_AND_VERIFIED, counter = this.signCount, rpId }: Partial<Said>): Buffer {
    const head = Buffer.alloc(37);
    sha256(rpId ?? this.#party.id).copy(head);
    head.writeUInt8(flags, 32);
    head.writeUInt32BE(counter, 33);
    return head;
  }

  #clientData(challenge: Uint8Array, { type, origin, clientData }: Partial<Said>): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: type ?? "webauthn.get",
        challenge: base64url(challenge),
        origin: origin ?? this.#party.origin,
        crossOrigin: false,
        ...clientData,
      }),
    );
  }
}

const ES256_X = Buffer.from("a5010203262001215820", "hex");
const ES256_Y = Buffer.from("225820", "hex");
const RS256_N = Buffer.from("a401030339010020", "hex");
const RS256_E = Buffer.from("21", "hex");

/** The COSE key (RFC 9052) of a stored one: {1: 2, 3: -7, -1: 1, -2: x, -3: y} or {1: 3, 3: -257, -1: n, -2: e}. */
export function coseOfSpki(spki: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(spki), type: "spki", format: "der" });
  const { kty, crv, x, y, n, e } = key.export({ format: "jwk" });
  if (kty === "EC" && crv === "P-256" && x && y)
    return Buffer.concat([ES256_X, fromBase64url(x), ES256_Y, fromBase64url(y)]);
  if (kty === "RSA" && n && e)
    return Buffer.concat([
      RS256_N,
      cborBytes(fromBase64url(n)),
      RS256_E,
      cborBytes(fromBase64url(e)),
    ]);
  throw new Error("a key of another kind than P-256 or RSA");
}

/** A CBOR byte string (RFC 8949, 3.1, major type 2) of at most 65,535 bytes. */
function cborBytes(bytes: Buffer): Buffer {
  const { length } = bytes;
  if (length < 24) return Buffer.concat([Buffer.of(0x40 + length), bytes]);
  if (length < 256) return Buffer.concat([Buffer.of(0x58, length), bytes]);
  return Buffer.concat([Buffer.of(0x59, length >> 8, length & 0xff), bytes]);
}
