import { hash } from "node:crypto";

/**
 * RFC 6962 leaf of one evidence item: what the root of an incident commits to. The text is canonical JSON
 * (RFC 8785) as it stands: keys in order, and no value needs an escape.
 */
export function evidenceLeaf(item: { id: string; sha256: Uint8Array }, position: number): Buffer {
  const digest = Buffer.from(
    item.sha256.buffer,
    item.sha256.byteOffset,
    item.sha256.length,
  ).toString("hex");
  return hash(
    "sha256",
    `\u0000{"id":"${item.id}","position":${position},"sha256":"${digest}"}`,
    "buffer",
  );
}
