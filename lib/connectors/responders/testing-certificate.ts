import { generateKeyPairSync, sign } from "node:crypto";

/** For tests: a certificate that signs itself, made on the spot, so that no key lies in the repository. */

const OID_ED25519 = Buffer.from("06032b6570", "hex");
const OID_COMMON_NAME = Buffer.from("0603550403", "hex");
const OID_ALTERNATIVE_NAME = Buffer.from("0603551d11", "hex");
const OID_BASIC_CONSTRAINTS = Buffer.from("0603551d13", "hex");

/** PEM of a key and of a certificate for `name`, valid from yesterday until tomorrow (RFC 5280, RFC 8410). */
export function selfSigned(name: string): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const day = 24 * 60 * 60 * 1000;
  const body = sequence(
    der(0xa0, Buffer.from("020102", "hex")),
    Buffer.from("020101", "hex"),
    sequence(OID_ED25519),
    nameOf(name),
    sequence(utcTime(Date.now() - day), utcTime(Date.now() + day)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        sequence(OID_ALTERNATIVE_NAME, der(0x04, sequence(der(0x82, Buffer.from(name))))),
        sequence(OID_BASIC_CONSTRAINTS, der(0x04, sequence(Buffer.from("0101ff", "hex")))),
      ),
    ),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign(null, body, privateKey)]);
  const certificate = sequence(body, sequence(OID_ED25519), der(0x03, signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function nameOf(name: string): Buffer {
  return sequence(der(0x31, sequence(OID_COMMON_NAME, der(0x0c, Buffer.from(name)))));
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** One value in DER: tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
