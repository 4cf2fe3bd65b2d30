import { randomBytes } from "node:crypto";

/**
 * A source of UUIDv7 (RFC 9562 5.7) that never goes back within one call: the 12 bits after the time
 * count up, so rows of one batch keep their order in the index.
 */
export function uuidV7(): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const now = Date.now();
    if (now > lastMs) [lastMs, counter] = [now, 0];
    else counter += 1;
    if (counter > 0xfff) [lastMs, counter] = [lastMs + 1, 0];
    const bytes = randomBytes(16);
    bytes.writeUIntBE(lastMs, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = bytes.toString("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
}
