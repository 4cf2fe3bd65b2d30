import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sha256Hex } from "#lib/trail/tree.ts";
import { digestOf } from "#lib/trail/bundle/files.ts";
import { folderFiles } from "./open-bundle.ts";

test("a file has the same sum whether it is hashed beside or here, and one that is gone is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = folderFiles(folder);
  // no whole number of pieces, so that the end of the last one counts
  const bytes = {
    big: randomBytes(17 * 2 ** 20 + 5),
    small: randomBytes(1_000),
    empty: Buffer.alloc(0),
  };
  for (const [name, content] of Object.entries(bytes)) {
    await writeFile(join(folder, name), content);
    expect(await digestOf(files, name)).toBe(sha256Hex(content));
  }
  expect(await files.digest?.("big")).toBe(sha256Hex(bytes.big));
  expect(await files.digest?.("small")).toBeNull();
  await expect(digestOf(files, "gone")).rejects.toMatchObject({ code: "ENOENT" });
});
