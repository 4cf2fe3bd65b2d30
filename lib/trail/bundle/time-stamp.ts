import { constants, createHash, verify, X509Certificate } from "node:crypto";
import { sha256 } from "../tree.ts";
import { DerError, partsOf, readDer, type Der } from "./der.ts";

/** Object identifiers, as DER has them. */
const SIGNED_DATA = "2a864886f70d010702";
const TST_INFO = "2a864886f70d0109100104";
const MESSAGE_DIGEST = "2a864886f70d010904";
const SIGNING_CERTIFICATES = ["2a864886f70d010910020c", "2a864886f70d010910022f"];
const RSA_PSS = "2a864886f70d01010a";
const HASHES: Record<string, "sha256" | "sha384" | "sha512"> = {
  "608648016503040201": "sha256",
  "608648016503040202": "sha384",
  "608648016503040203": "sha512",
};
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const OCTETS = 0x04;
const CHAIN_MAX = 8;

type Signer = {
  hash: "sha256" | "sha384" | "sha512";
  attributes: Der;
  algorithm: string;
  signature: Buffer;
};
type Token = { info: Buffer; certificates: X509Certificate[]; signer: Signer };

/** The certificates in a file of PEM; throws when there is none. */
export function parseCertificates(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new Error("no certificate is in the file of CAs");
  return found.map((one) => new X509Certificate(one));
}

/**
 * Checks an RFC 3161 response over `data`: the imprint (sha256), the CMS signature, that the certificate is for time
 * stamping alone and leads to one of the authorities at that time. Gives the time, ms since 1970. Throws with a sentence.
 * Revocation, policies and name constraints are not looked at.
 */
export function stampedAt(
  token: Buffer,
  { data, authorities }: { data: Buffer; authorities: readonly X509Certificate[] },
): number {
  const { info, certificates, signer } = parseToken(token);
  const [, , imprint, , time] = partsOf(readDer(info)[0], 5);
  const [algorithm, digest] = partsOf(imprint, 2);
  if (HASHES[oidOf(partsOf(algorithm, 1)[0])] !== "sha256" || !digest?.bytes.equals(sha256(data)))
    throw new Error("the token is over something else");
  const at = timeOf(time!.bytes.toString("latin1"));
  const attributes = attributesOf(signer.attributes);
  const stated = partsOf(attributes.get(MESSAGE_DIGEST))[0];
  if (!stated?.bytes.equals(createHash(signer.hash).update(info).digest()))
    throw new Error("the token's signature is over something else");
  const certificate = signingCertificate(attributes, certificates);
  if (!holds(signer, certificate)) throw new Error("the token's signature is wrong");
  followChain(certificate, { certificates, authorities, at });
  return at;
}

function parseToken(token: Buffer): Token {
  try {
    const [status, content] = partsOf(readDer(token)[0], 2);
    const [granted] = partsOf(status, 1);
    if (granted!.bytes.length !== 1 || granted!.bytes[0]! > 1) throw new DerError("not granted");
    const [type, wrapped] = partsOf(content, 2);
    const parts = partsOf(partsOf(wrapped, 1)[0], 5);
    const [infoType, info] = partsOf(parts[2], 2);
    if (oidOf(type) !== SIGNED_DATA || oidOf(infoType) !== TST_INFO)
      throw new DerError("of another type");
    const given = parts.find(({ tag }) => tag === 0xa0);
    const certificates = partsOf(given).map(({ whole }) => new X509Certificate(whole));
    return {
      info: partsOf(info, 1)[0]!.bytes,
      certificates,
      signer: signerIn(partsOf(parts.at(-1), 1)),
    };
  } catch (cause) {
    throw new Error("the token cannot be read", { cause });
  }
}

/** RFC 3161 2.4.2: exactly one. */
function signerIn(signers: Der[]): Signer {
  const [version, , digest, attributes, algorithm, signature] = partsOf(signers[0], 6);
  const hash = HASHES[oidOf(partsOf(digest, 1)[0])];
  if (signers.length !== 1 || !version || hash === undefined) throw new DerError("another signer");
  if (attributes?.tag !== 0xa0 || signature?.tag !== OCTETS) throw new DerError("another form");
  return {
    ...{ hash, attributes, signature: signature.bytes },
    algorithm: oidOf(partsOf(algorithm, 1)[0]),
  };
}

function attributesOf(attributes: Der): Map<string, Der> {
  const found = new Map<string, Der>();
  for (const attribute of partsOf(attributes)) {
    const [type, values] = partsOf(attribute, 2);
    found.set(oidOf(type), values!);
  }
  return found;
}

/** The one that the signed attributes name by its hash (RFC 5035), or another could be put in its place. */
function signingCertificate(
  attributes: Map<string, Der>,
  certificates: readonly X509Certificate[],
): X509Certificate {
  const named = SIGNING_CERTIFICATES.flatMap((oid) => attributes.get(oid)?.bytes ?? []);
  const found = certificates.find(
    ({ raw, keyUsage }) =>
      keyUsage?.length === 1 &&
      keyUsage[0] === TIME_STAMPING &&
      named.some(
        (bytes) =>
          bytes.includes(sha256(raw)) || bytes.includes(createHash("sha1").update(raw).digest()),
      ),
  );
  if (!found) throw new Error("the token names no certificate for time stamping");
  return found;
}

function holds({ hash, attributes, algorithm, signature }: Signer, { publicKey }: X509Certificate) {
  // what is signed is the set itself, under the tag of one (RFC 5652 5.4)
  const signed = Buffer.concat([Buffer.of(0x31), attributes.whole.subarray(1)]);
  const isPss = algorithm === RSA_PSS;
  const pss = {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_AUTO,
  };
  const plainHash = publicKey.asymmetricKeyType?.startsWith("ed") === true ? null : hash;
  return verify(plainHash, signed, { key: publicKey, ...(isPss ? pss : {}) }, signature);
}

type Chain = {
  certificates: readonly X509Certificate[];
  authorities: readonly X509Certificate[];
  at: number;
};

function followChain(first: X509Certificate, { certificates, authorities, at }: Chain): void {
  let current = first;
  for (let step = 0; step < CHAIN_MAX; step += 1) {
    if (at < Date.parse(current.validFrom) || at > Date.parse(current.validTo))
      throw new Error("a certificate of the authority was not in force at that time");
    const isRoot = current.checkIssued(current);
    if (step > 0 && isRoot && authorities.some(({ raw }) => raw.equals(current.raw))) return;
    const issuer = [...authorities, ...certificates].find(
      (one) => one.ca && current.checkIssued(one) && current.verify(one.publicKey),
    );
    if (!issuer || isRoot) break;
    current = issuer;
  }
  throw new Error("the authority's certificate leads to none of the CAs that were given");
}

function timeOf(text: string): number {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text) ?? [];
  const at = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (Number.isNaN(at)) throw new Error("the token names no time");
  return at;
}

function oidOf(der: Der | undefined): string {
  return der?.tag === 0x06 ? der.bytes.toString("hex") : "";
}
