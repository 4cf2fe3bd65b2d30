import { expect, test } from "vitest";
import { batchesOf, linesOf, type BundleFiles } from "./files.ts";

/** One file, read in pieces of so many bytes. */
function fileOf(content: Uint8Array | string, piece: number): BundleFiles {
  const bytes = Buffer.from(content);
  return {
    names: async () => ["f"],
    async *read() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}

async function linesIn(content: Uint8Array | string, piece: number): Promise<string[]> {
  return Array.fromAsync(linesOf(fileOf(content, piece), "f"));
}

test("lines are the same in pieces of any size, of ASCII and of any other text", async () => {
  const written = [
    "plain",
    "",
    "caf\u00e9 \u2013 \u{1f600}",
    "\ufeffmark",
    "plain again",
    "\u00e9",
  ];
  const text = written.map((line) => `${line}\n`).join("");
  for (let piece = 1; piece <= Buffer.byteLength(text); piece += 1)
    expect(await linesIn(text, piece), `pieces of ${piece}`).toEqual(written);
  expect(await linesIn("", 1)).toEqual([]);
  expect(await linesIn("a\n\nb\n", 2)).toEqual(["a", "", "b"]);
});

test("bytes that are no UTF-8 are refused wherever they stand, and so is a last line without its end", async () => {
  for (const wrong of [[0x80], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80]])
    for (const [before, after] of [
      ["", "\n"],
      ["a\n", "b\n"],
      ["a\nb", "\nc\n"],
      ["a\n", ""],
    ]) {
      const bytes = Buffer.concat([Buffer.from(before!), Buffer.from(wrong), Buffer.from(after!)]);
      for (const piece of [1, 3, 100])
        await expect(linesIn(bytes, piece)).rejects.toMatchObject({
          fault: "unreadable",
          message: "f is no UTF-8 text",
        });
    }
  for (const piece of [1, 100])
    await expect(linesIn("a\nb", piece)).rejects.toThrow("f ends in the middle of a line");
});

test("where a part is asked for, what does not hold it is left out, and a line that does never is", async () => {
  const lines = Array.from({ length: 50 }, (_, n) => (n === 31 ? "the needle here" : `hay ${n}`));
  const text = lines.map((line) => `${line}\n`).join("");
  for (const piece of [1, 7, 64, 10_000]) {
    const found = (await Array.fromAsync(batchesOf(fileOf(text, piece), "f", "needle"))).flat();
    expect(found).toContain("the needle here");
    // in pieces of one byte each line stands alone; in one piece all are there
    expect(found).toHaveLength({ 1: 1, 10_000: lines.length }[piece] ?? found.length);
  }
});
