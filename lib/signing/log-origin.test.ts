import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ownFolder } from "#lib/testing-folder.ts";
import { verifierKey } from "#lib/trail/checkpoint.ts";
import { loadLogKeys, makeNextKey } from "./log-keys.ts";
import { logName, renameLog, verifierKeysOf } from "./log-origin.ts";

const FIRST = "countersign/test/trail";
const [FROM, TO] = [`${FIRST}/2`, `${FIRST}/3`];

/** Every file that `renameLog` writes, in order, and the name that the log has when it is cut off before that one. */
const WRITES = [
  ["log.key.name-3", FROM],
  ["log.key.name-3.pub", FROM],
  ["log.key.old", FROM],
  ["log.name", FROM],
  ["log.key.pub", TO],
] as const;

async function frozenOnce(): Promise<{ folder: string; keys: string[] }> {
  const folder = ownFolder("renamed");
  const { key } = await loadLogKeys(folder, FIRST);
  await renameLog(folder, { from: FIRST, to: FROM });
  const second = await verifierKeysOf(folder, FROM);
  await makeNextKey(folder, FROM);
  return { folder, keys: [verifierKey({ name: FIRST, key }), second.key] };
}

describe("a log renamed for the second time, cut off before a file is written", () => {
  test.each(WRITES)(
    "%s: the signer that looks in then finds a key of its name, and the rename goes on",
    async (file, name) => {
      const { folder, keys } = await frozenOnce();
      const inTheWay = join(folder, `${file}.new`);
      mkdirSync(inTheWay);
      await expect(renameLog(folder, { from: FROM, to: TO })).rejects.toThrow("EISDIR");
      rmdirSync(inTheWay);

      expect(await logName(folder, FIRST)).toBe(name);
      const cutOff = await verifierKeysOf(folder, name);
      if (name === FROM) await renameLog(folder, { from: FROM, to: TO });
      const { key, oldKeys } = await verifierKeysOf(folder, TO);
      expect(cutOff.key).toBe(name === FROM ? keys[1] : key);
      expect(keys).not.toContain(key);
      expect(key.startsWith(`${TO}+`)).toBe(true);
      expect(oldKeys).toEqual(keys);
      expect(await logName(folder, FIRST)).toBe(TO);
      expect(readFileSync(join(folder, "log.key.pub"), "utf8")).toBe(`${key}\n`);
      expect(existsSync(join(folder, "log.key.name-3"))).toBe(false);
    },
  );
});

test("a running signer that looks in all the while takes nothing away from the rename", async () => {
  const { folder, keys } = await frozenOnce();
  let isDone = false;
  const renamed = renameLog(folder, { from: FROM, to: TO }).finally(() => (isDone = true));
  const names: string[] = [];
  while (!isDone) names.push(await logName(folder, FIRST));
  await renamed;
  expect([FROM, TO]).toEqual(expect.arrayContaining(names));
  expect((await verifierKeysOf(folder, TO)).oldKeys).toEqual(keys);
  expect(new Set(readdirSync(folder))).toEqual(
    new Set(["log.key", "log.key.old", "log.key.pub", "log.name"]),
  );
});

test("in the place of a folder that was lost: the name and the old verifier keys, put there by hand, are enough", async () => {
  const { keys } = await frozenOnce();
  const folder = ownFolder("renamed-lost");
  writeFileSync(join(folder, "log.name"), `${FROM}\n`);
  writeFileSync(join(folder, "log.key.old"), `${keys.join("\n")}\n`);
  expect(await logName(folder, FIRST)).toBe(FROM);
  await renameLog(folder, { from: FROM, to: TO });
  expect((await verifierKeysOf(folder, TO)).oldKeys).toEqual(expect.arrayContaining(keys));
});
