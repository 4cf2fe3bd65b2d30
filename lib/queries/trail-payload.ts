import { Prisma } from "#lib/db/generated/client.ts";

/**
 * The one place where screens get the payload of an entry `e`: an expression over it for SELECT, of type bytea; null when
 * the payload was erased.
 */
export const PAYLOAD_BYTES = Prisma.sql`(SELECT y.bytes FROM trail.payload y WHERE y.seq = e.seq)`;

/** What the bytes hold; null for none. */
export function payloadOf(bytes: Uint8Array | null): unknown {
  return bytes ? JSON.parse(Buffer.from(bytes).toString("utf8")) : null;
}
