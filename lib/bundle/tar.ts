/** The parts of POSIX ustar (IEEE 1003.1) that a bundle needs: regular files with short names. */
const BLOCK = 512;
const NAME_MAX = 100;
const SIZE_MAX = 0o77777777777;

export type TarMember = { name: string; size: number };

/** A member's header; its bytes follow, then `padding(size)`. Throws a RangeError on what the format cannot hold. */
export function tarHeader({ name, size }: TarMember, mtime: number): Buffer {
  if (Buffer.byteLength(name) > NAME_MAX) throw new RangeError("tar: a name is too long");
  if (size > SIZE_MAX) throw new RangeError("tar: a file is too big");
  const header = Buffer.alloc(BLOCK);
  const isScript = name.endsWith(".sh");
  header.write(name, 0, NAME_MAX);
  header.write(isScript ? "0000755\0" : "0000644\0", 100);
  header.write("0000000\u00000000000\0", 108);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write(
    `${Math.floor(mtime / 1000)
      .toString(8)
      .padStart(11, "0")}\0`,
    136,
  );
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  header.write(`${sumOf(header).toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

export const TAR_END = Buffer.alloc(BLOCK * 2);

export class TarError extends Error {
  override name = "TarError";
}

type Sink = {
  /** Told before a member's bytes come; may throw. */
  begin: (member: TarMember) => Promise<void>;
  write: (bytes: Uint8Array) => Promise<void>;
  end: () => Promise<void>;
};

/** Reads an archive as `tarHeader` writes it. Links, devices, folders and long names are refused, and so is a cut. */
export async function readTar(chunks: AsyncIterable<Uint8Array>, sink: Sink): Promise<void> {
  let rest = Buffer.alloc(0);
  let left = 0;
  let skip = 0;
  let hasEnded = false;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    for (;;) {
      if (left > 0 && rest.length > 0) {
        const part = rest.subarray(0, left);
        await sink.write(part);
        left -= part.length;
        rest = rest.subarray(part.length);
        if (left === 0) await sink.end();
      } else if (left === 0 && skip > 0 && rest.length >= skip) {
        rest = rest.subarray(skip);
        skip = 0;
      } else if (left === 0 && skip === 0 && rest.length >= BLOCK) {
        const header = rest.subarray(0, BLOCK);
        rest = rest.subarray(BLOCK);
        if (header.every((byte) => byte === 0)) {
          hasEnded = true;
          continue;
        }
        if (hasEnded) throw new TarError("something follows its end");
        const member = memberOf(header);
        await sink.begin(member);
        left = member.size;
        skip = padding(member.size).length;
        if (left === 0) await sink.end();
      } else break;
    }
  }
  if (left > 0 || skip > 0 || rest.length > 0 || !hasEnded) throw new TarError("it was cut off");
}

function memberOf(header: Buffer): TarMember {
  const text = (from: number, to: number) =>
    header.subarray(from, to).toString("latin1").replace(/\0.*$/s, "");
  if (text(257, 263) !== "ustar") throw new TarError("it is no ustar archive");
  if (Number.parseInt(text(148, 156), 8) !== sumOf(header))
    throw new TarError("a header of it was changed");
  if (header[156] !== "0".charCodeAt(0)) throw new TarError("it holds something else than files");
  const size = Number.parseInt(text(124, 136), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError("a header of it was changed");
  return { name: text(0, NAME_MAX), size };
}

/** The sum over the header's bytes, its own place counted as blanks. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}
