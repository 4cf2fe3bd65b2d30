/** One value of DER (ITU-T X.690): its tag, its bytes, and these with the head before them. */
export type Der = { tag: number; bytes: Buffer; whole: Buffer };

export class DerError extends Error {
  override name = "DerError";
}

/** Values that stand one after the other. Throws DerError on what is no DER of definite length and low tags. */
export function readDer(bytes: Buffer): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, first] = [bytes[at], bytes[at + 1]];
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f)
      throw new DerError("a head is cut off or of another kind");
    const more = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || more > 4 || at + 2 + more > bytes.length)
      throw new DerError("a length is none");
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
    const from = at + 2 + more;
    if (from + length > bytes.length) throw new DerError("it is cut off");
    const [content, whole] = [
      bytes.subarray(from, from + length),
      bytes.subarray(at, from + length),
    ];
    found.push({ tag, bytes: content, whole });
    at = from + length;
  }
  return found;
}

/** The values in a value, in order; throws when there are fewer than `count`. */
export function partsOf(der: Der | undefined, count = 0): Der[] {
  const parts = der ? readDer(der.bytes) : [];
  if (parts.length < count) throw new DerError("a part is missing");
  return parts;
}
