/** The proof of one entry as an auditor gets it, checked by the command itself in a process of its own. */
import { execFile } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkProof } from "./verify-proof.ts";
import { ownFolder } from "#lib/testing-folder.ts";
import { cosignatureLine, signCheckpoint, verifierKey } from "#lib/trail/checkpoint.ts";
import { buildLine, FIRST_PREV, leafOfLine } from "#lib/trail/line.ts";
import { inclusionProof } from "#lib/trail/proof.ts";
import { writeTlogProof } from "#lib/trail/tlog-proof.ts";
import { root } from "#lib/trail/tree.ts";
import { verifyProof } from "#lib/trail/verify-proof.ts";

const ORIGIN = "countersign/test/trail";
const WITNESS = "auditor.example/w1";
const AT = 1_772_330_000;
const newKey = () => generateKeyPairSync("ed25519").privateKey;
const [key, other, witness] = [newKey(), newKey(), newKey()];
const folder = ownFolder("verify-proof");

const lines = Array.from({ length: 7 }, (_, seq) =>
  buildLine({
    ...{ actor: "system:worker", at: `2026-03-01T02:14:0${seq}.000000Z`, incident: null },
    ...{ incidentPrev: null, incidentSeq: null, kind: "trail.checked", onBehalf: null },
    ...{ payload: FIRST_PREV, prev: FIRST_PREV, role: "countersign_worker", seq, session: null },
    v: 2,
  }),
);
const leaves = lines.map((line) => Buffer.from(leafOfLine(line), "hex"));
const SEQ = 4;

function proof(
  more: { origin?: string; by?: KeyObject; extra?: string | null; index?: number } = {},
) {
  const { origin = ORIGIN, by = key, extra = lines[SEQ]!, index = SEQ } = more;
  const note = signCheckpoint({ origin, size: leaves.length, root: root(leaves) }, by);
  const text = note.slice(0, note.indexOf("\n\n") + 1);
  const checkpoint = note + cosignatureLine(text, { name: WITNESS, key: witness }, AT);
  const line = extra === null ? {} : { extra: Buffer.from(extra) };
  return writeTlogProof({ index, hashes: inclusionProof(SEQ, leaves), checkpoint, ...line });
}

let files = 0;
function fileOf(text: string | Uint8Array, name = `entry-${(files += 1)}.tlog-proof`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const logKey = fileOf(`${verifierKey({ name: ORIGIN, key })}\n`, "log.key.pub");
const foreignKey = fileOf(`${verifierKey({ name: "countersign/other/trail", key })}\n`, "f.pub");
const wrongKey = fileOf(`${verifierKey({ name: ORIGIN, key: other })}\n`, "wrong.pub");
const witnessOf = (of: KeyObject) => verifierKey({ name: WITNESS, key: of, use: "witness" });
const witnessKey = fileOf(`${witnessOf(witness)}\n`, "witness.pub");
const otherWitness = fileOf(`${witnessOf(other)}\n`, "other-witness.pub");

function verify(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["lib/cli/verify.ts", ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: out + err });
    });
  });
}

test("a proof with its line needs the log's key and nothing else, and says what it cannot show", async () => {
  const { code, said } = await verify(fileOf(proof()), "--log-key", logKey);
  expect(said.split("\n")).toEqual([
    "ok    the file is the proof of an entry, whole: of entry 4",
    `ok    the checkpoint is signed by the log's key: 7 entries, root ${root(leaves).toString("base64")}`,
    "-     a witness cosigned the checkpoint (not checked: no witness's key was given)",
    `ok    the entry is whole and hashes to its leaf: ${leaves[SEQ]!.toString("hex")}`,
    "ok    the entry is in the signed log: entry 4 of 7",
    "Entry 4: trail.checked by system:worker, 2026-03-01T02:14:04.000000Z.",
    "Every check that was made holds.",
    "This proof cannot show:",
    "  - what the entry tells: its line has the hash of that, and this file not the words",
    "  - that nothing was written after entry 6",
    "  - that others were shown the same log: give a witness's key",
    "  - that the entry was true when it was written: only signatures by passkey speak for a person, and a bundle has them",
    "",
  ]);
  expect(code).toBe(0);
});

test("it is known by its first bytes under any name, and a witness's word is asked for by its key", async () => {
  const path = fileOf(proof(), "renamed.txt");
  const found = await verify(path, "--log-key", logKey, "--witness-key", witnessKey);
  expect(found.code).toBe(0);
  expect(found.said).toContain("a witness cosigned the checkpoint: 1 of 1, the last at 2026-03-01");
});

test("a proof without the line is checked with the leaf, as the other door gives it", async () => {
  const path = fileOf(proof({ extra: null }));
  const leaf = leaves[SEQ]!.toString("hex");
  expect((await checkProof([path, "--log-key", logKey, "--leaf", leaf])).exit).toBe(0);
  const without = await checkProof([path, "--log-key", logKey]);
  expect(without.said).toContain("it holds no line: give --leaf");
  expect(without.exit).toBe(2);
});

const whole = proof();
const cutAt = (sign: string) => whole.slice(0, whole.indexOf(sign));
const altered = lines[SEQ]!.replace("system:worker", "system:wizard");
const firstHash = inclusionProof(SEQ, leaves)[0]!.toString("base64");

test.each<[name: string, file: string | Uint8Array, code: number, says: string, args?: string[]]>([
  ["an empty file", "", 3, "it was cut off"],
  ["no proof at all", "countersign\n\nx\n\ny\n", 3, "it is no proof of an entry"],
  ["cut off in its first line", "c2sp.org/tlog", 3, "it was cut off"],
  ["cut off among its hashes", cutAt(firstHash), 3, "it was cut off"],
  ["cut off before the signatures", cutAt("\u2014"), 3, "it was cut off"],
  ["cut off in a signature", whole.slice(0, -9), 3, "it was cut off"],
  [
    "a hash that is none",
    whole.replace(firstHash, "AAAA"),
    3,
    "it was damaged: tlog-proof: a hash",
  ],
  ["no text", Buffer.from([0xff, 0xfe, 0x00]), 3, "it is no UTF-8 text"],
  ["bigger than a proof can be", `${whole}${"a".repeat(70_000)}`, 4, "bigger than a proof can be"],
  ["a wrong signature", whole.replace("\n7\n", "\n8\n"), 9, "the signature of"],
  ["another deployment's key", whole, 10, "a key is of the log", ["--log-key", foreignKey]],
  ["another key of this name", whole, 10, "no signature of this key", ["--log-key", wrongKey]],
  ["another log", proof({ origin: "countersign/other/trail" }), 10, "a key is of the log"],
  ["a witness who did not", whole, 11, "did not cosign it", ["--witness-key", otherWitness]],
  ["an altered line", proof({ extra: altered }), 13, "do not lead from entry 4"],
  [
    "another spelling of the line",
    proof({ extra: ` ${lines[SEQ]!}` }),
    12,
    "FAIL  the entry is whole",
  ],
  ["another entry's line", proof({ extra: lines[5]! }), 12, "its line is of entry 5"],
  ["another leaf than was given", whole, 12, "the leaf that was given", ["--leaf", "0".repeat(64)]],
  ["another place", proof({ index: 3, extra: lines[3]! }), 13, "do not lead from entry 3"],
  ["a leaf of no form", whole, 2, "--leaf is not 64", ["--leaf", "abc"]],
])("%s has a sentence and an exit code of its own", async (_name, file, exit, says, args = []) => {
  const keys = args.includes("--log-key") ? [] : ["--log-key", logKey];
  const found = await checkProof([fileOf(file), ...keys, ...args]);
  expect(found.said).toContain(says);
  expect(found.exit).toBe(exit);
});

test("without a key, and for a file that is not there, it says so", async () => {
  expect(await checkProof([fileOf(whole)])).toMatchObject({
    exit: 2,
    said: expect.stringContaining("a proof holds no key: give --log-key"),
  });
  const none = join(folder, "none.tlog-proof");
  expect(await checkProof([none, "--log-key", logKey])).toMatchObject({
    exit: 3,
    said: expect.stringContaining("there is no such file"),
  });
});

test("no change of one byte proves anything else", () => {
  const options = { logKeys: [{ name: ORIGIN, key }] };
  const bytes = Buffer.from(whole);
  // what follows the log's own signature are lines of others, which are passed over where their key is not known
  const own = Buffer.from(cutAt(`\u2014 ${WITNESS}`)).length;
  fc.assert(
    fc.property(fc.nat(own - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(bytes);
      changed[at]! ^= by;
      expect(verifyProof(changed.toString("utf8"), options).fault).not.toBeNull();
    }),
    { numRuns: 2_000 },
  );
});
