import { generateKeyPairSync, randomBytes, sign as signBytes } from "node:crypto";
import { sha256 } from "#lib/trail/tree.ts";
import { base64url, coseOfSpki, type Assertion } from "./passkey.ts";
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
