import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSealed, publicKeyOf, seal } from "#lib/sealing/seal.ts";
import { readSecrets } from "./secrets.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "countersign-secrets-"));
});
afterEach(() => rm(home, { recursive: true }));

const fileText = (): Promise<string> => readFile(join(home, "secrets.json"), "utf8");

test("secrets are made once, for the owner's eyes only, and are the same ever after", async () => {
  const first = await readSecrets(home);
  expect((await stat(join(home, "secrets.json"))).mode & 0o777).toBe(0o600);
  expect(await readSecrets(home)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
  const place = { table: "t", column: "c", rowId: "1" };
  const box = seal("a key", publicKeyOf(first.sealPrivate), place);
  expect(openSealed(box, first.sealPrivate, place)).toBe("a key");
});

test("a file of an earlier version is completed; what it holds stays, also what is not known here", async () => {
  const { sealPrivate: _, ...earlier } = await readSecrets(home);
  await writeFile(join(home, "secrets.json"), JSON.stringify({ ...earlier, later: "kept" }));
  const completed = await readSecrets(home);
  expect(completed).toMatchObject(earlier);
  expect(JSON.parse(await fileText())).toEqual({ ...completed, later: "kept" });
});

test("a file that is not what was written is not overwritten", async () => {
  await writeFile(join(home, "secrets.json"), '{"web":"short"}');
  await expect(readSecrets(home)).rejects.toThrow(/web/);
  expect(await fileText()).toBe('{"web":"short"}');
});
