import { randomFillSync } from "node:crypto";

const ID_BYTES = 16;
/** Random bytes are drawn for many ids at once: each draw costs as much as the rest of an id. */
const IDS_PER_DRAW = 256;

/**
 * A source of UUIDv7 (RFC 9562 5.7) that never goes back within one process: the 12 bits after the time
 * count up, so rows of one batch keep their order in the index.
 */
export function uuidV7(): () => string {
  const pool = Buffer.alloc(ID_BYTES * IDS_PER_DRAW);
  let used = IDS_PER_DRAW;
  let lastMs = 0;
  let counter = 0;
  return () => {
    if (used === IDS_PER_DRAW) {
      randomFillSync(pool);
      used = 0;
    }
    const at = used * ID_BYTES;
    used += 1;
    const now = Date.now();
    if (now > lastMs) [lastMs, counter] = [now, 0];
    else counter += 1;
    if (counter > 0xfff) [lastMs, counter] = [lastMs + 1, 0];
    pool.writeUIntBE(lastMs, at, 6);
    pool.writeUInt16BE(0x7000 | counter, at + 6);
    pool[at + 8] = ((pool[at + 8] ?? 0) & 0x3f) | 0x80;
    const hex = pool.toString("hex", at, at + ID_BYTES);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}
