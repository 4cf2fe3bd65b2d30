import { sign, verify, type KeyObject } from "node:crypto";
import { canonicalJson } from "../canonical.ts";

/** An in-toto statement travels as this type (DSSE 1.0.2, in-toto Statement v1). */
export const STATEMENT_TYPE = "application/vnd.in-toto+json";

/** What is signed: the type and the bytes, each after its length (DSSE 1.0.2, PAE). */
export function preAuthEncoding(type: string, body: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `;
  return Buffer.concat([Buffer.from(head), body]);
}

/** The envelope as canonical JSON and a line end. `keyId` is a hint and no more. */
export function sealEnvelope(body: string, key: KeyObject, keyId: string): string {
  const bytes = Buffer.from(body);
  const signature = sign(null, preAuthEncoding(STATEMENT_TYPE, bytes), key);
  const envelope = {
    payload: bytes.toString("base64"),
    payloadType: STATEMENT_TYPE,
    signatures: [{ keyid: keyId, sig: signature.toString("base64") }],
  };
  return `${canonicalJson(envelope)}\n`;
}

export type Envelope = { body: Buffer; signature: Buffer };

/** Reads an envelope of one signature, in the one spelling we write; null when it is anything else. */
export function parseEnvelope(text: string): Envelope | null {
  try {
    const value = JSON.parse(text) as {
      payload: string;
      payloadType: string;
      signatures: { keyid: string; sig: string }[];
    };
    if (`${canonicalJson(value)}\n` !== text || value.payloadType !== STATEMENT_TYPE) return null;
    const [only, ...more] = value.signatures;
    if (!only || more.length > 0) return null;
    const [body, signature] = [value.payload, only.sig].map((part) => Buffer.from(part, "base64"));
    const isOneSpelling =
      body!.toString("base64") === value.payload && signature!.toString("base64") === only.sig;
    return isOneSpelling ? { body: body!, signature: signature! } : null;
  } catch {
    return null;
  }
}

export function holdsEnvelope({ body, signature }: Envelope, key: KeyObject): boolean {
  return verify(null, preAuthEncoding(STATEMENT_TYPE, body), key, signature);
}
