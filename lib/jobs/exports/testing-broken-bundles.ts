import { createHash, randomBytes } from "node:crypto";
import { readFile, rename, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FaultName } from "#lib/trail/bundle/faults.ts";
import { signCheckpoint } from "#lib/trail/checkpoint.ts";
import {
  editFile,
  ORIGIN,
  resealed,
  strangersKeyFile,
  testWitness,
  type SealedTrail,
} from "./testing-bundle.ts";

/** A way in which a bundle can be bad, and what every verifier must say of it. */
export type BrokenBundle = {
  name: string;
  fault: FaultName;
  /** Which of the two bundles; the incident's when left out. */
  of?: "log";
  change?: (copy: string, trail: SealedTrail) => Promise<unknown>;
  /** With a manifest and sums made anew over the change, as one could who stole the export key. */
  isResealed?: true;
  /** Tried with both verifiers, whatever else has this fault. */
  byBoth?: true;
  args?: (trail: SealedTrail) => Promise<string[]>;
};

const line = (edit: (text: string) => string) => (copy: string) =>
  editFile(copy, "trail.jsonl", edit);
export const BROKEN_BUNDLES: BrokenBundle[] = [
  {
    name: "a payload of several lines that begins with the one that is meant",
    fault: "line",
    byBoth: true,
    isResealed: true,
    change: line((text) => {
      const [first = "", ...rest] = text.split("\n");
      const entry = JSON.parse(first) as Record<string, string>;
      const told = { ...entry, payload: `${entry["payload"]}\n{}` };
      return [JSON.stringify(told), ...rest].join("\n");
    }),
  },
  {
    name: "an entry beside the whole log",
    fault: "tree",
    of: "log",
    byBoth: true,
    isResealed: true,
    change: async (copy) => {
      const [first = ""] = (await readFile(join(copy, "trail.jsonl"), "utf8")).split("\n");
      await editFile(copy, "support.jsonl", () => `${first}\n`);
    },
  },
  {
    name: "a missing file",
    fault: "missing",
    change: (copy) => unlink(join(copy, "evidence.jsonl")),
  },
  {
    name: "a missing trail",
    fault: "missing",
    change: (copy) => unlink(join(copy, "trail.jsonl")),
  },
  {
    name: "an extra file",
    fault: "extra",
    change: (copy) => writeFile(join(copy, "evidence", "more"), ""),
  },
  {
    name: "a renamed file",
    fault: "missing",
    change: (copy) => rename(join(copy, "README"), join(copy, "READM")),
  },
  {
    name: "a changed byte",
    fault: "changed",
    change: line((text) => text.replace("note", "nota").replace("seq", "sfq")),
  },
  {
    name: "a cut file",
    fault: "changed",
    change: (copy) => truncate(join(copy, "support.jsonl"), 40),
  },
  {
    name: "no list of sums",
    fault: "changed",
    change: (copy) => writeFile(join(copy, "SHA256SUMS"), "all is well\n"),
  },
  {
    name: "sums made anew by one without the export key",
    fault: "manifest",
    change: async (copy, trail) => {
      const manifest = await readFile(join(copy, "manifest.dsse.json"));
      await editFile(copy, "README", (text) => `${text}One more line.\n`);
      await resealed(copy, trail.key);
      await writeFile(join(copy, "manifest.dsse.json"), manifest);
      const sum = createHash("sha256").update(manifest).digest("hex");
      await editFile(copy, "SHA256SUMS", (text) =>
        text.replace(/[0-9a-f]{64}(?= {2}manifest)/, sum),
      );
    },
  },
  {
    name: "a checkpoint with another root",
    fault: "checkpoint",
    isResealed: true,
    change: (copy) =>
      editFile(copy, "checkpoint", (text) =>
        text.replace(/^(.*\n.*\n).*\n/, `$1${randomBytes(32).toString("base64")}\n`),
      ),
  },
  {
    name: "another deployment's key",
    fault: "other_key",
    args: async (trail) => ["--log-key", await strangersKeyFile(trail.place)],
  },
  {
    name: "a checkpoint that no witness cosigned",
    fault: "cosignature",
    args: async (trail) => ["--witness-key", (await testWitness(trail.place, 1)).keyFile],
  },
  {
    name: "a line that was edited",
    fault: "line",
    isResealed: true,
    change: line((text) => text.replace("countersign_web", "countersign_wab")),
  },
  {
    name: "a line that is no JSON",
    fault: "line",
    isResealed: true,
    change: line((text) => text.replace("{", "(")),
  },
  {
    name: "an entry taken out of the middle",
    fault: "tree",
    isResealed: true,
    change: line((text) => text.split("\n").toSpliced(2, 1).join("\n")),
  },
  {
    name: "two entries changed about",
    fault: "tree",
    of: "log",
    isResealed: true,
    change: line((text) => {
      const lines = text.split("\n");
      return [lines[1], lines[0], ...lines.slice(2)].join("\n");
    }),
  },
  {
    name: "the last entries cut off",
    fault: "tree",
    of: "log",
    isResealed: true,
    change: line((text) => `${text.split("\n").slice(0, -3).join("\n")}\n`),
  },
  {
    name: "another entry's proof",
    fault: "tree",
    isResealed: true,
    change: async (copy) => {
      const other = await readFile(join(copy, "proofs", "14.tlog-proof"), "utf8");
      await editFile(copy, "proofs/5.tlog-proof", () => other.replace("index 14", "index 5"));
    },
  },
  {
    name: "a swapped payload",
    fault: "payload",
    isResealed: true,
    change: line((text) => text.replace("Hands on keyboard.", "Nothing to see here.")),
  },
  {
    name: "a payload that is gone without a word",
    fault: "payload",
    isResealed: true,
    change: line((text) =>
      text.replace(
        /,"payload":"(?:[^"\\]|\\.)*","salt":"[0-9a-f]{64}"\}\n/,
        ',"payload":null,"salt":null}\n',
      ),
    ),
  },
  {
    name: "a signature that was changed",
    fault: "sign_off",
    isResealed: true,
    change: (copy) =>
      editFile(copy, "signoffs.jsonl", (text) => text.replace(/"signature":"M/, '"signature":"N')),
  },
  {
    name: "an assertion that is not there",
    fault: "sign_off",
    isResealed: true,
    change: (copy) => writeFile(join(copy, "signoffs.jsonl"), ""),
  },
  {
    name: "raw evidence that was changed",
    fault: "evidence",
    isResealed: true,
    change: async (copy) => {
      const [first] = (await readFile(join(copy, "evidence.jsonl"), "utf8")).split("\n");
      const { sha256 } = JSON.parse(first!) as { sha256: string };
      await writeFile(join(copy, "evidence", sha256), "{}");
    },
  },
  {
    name: "an item of evidence left out",
    fault: "evidence",
    isResealed: true,
    change: (copy) =>
      editFile(copy, "evidence.jsonl", (text) => `${text.split("\n").slice(0, -2).join("\n")}\n`),
  },
  {
    name: "history before the auditor's checkpoint rewritten",
    fault: "rewritten",
    of: "log",
    args: (trail) => olderCheckpoint(trail, 4),
  },
  {
    name: "a log that shrank",
    fault: "rewritten",
    of: "log",
    args: (trail) => olderCheckpoint(trail, 400),
  },
  {
    name: "a log that ends before a time",
    fault: "stale",
    args: async () => ["--newer-than", "2100-01-01T00:00:00Z"],
  },
  {
    name: "a log shorter than the witness knows",
    fault: "stale",
    args: async () => ["--witness-size", "4000"],
  },
  {
    name: "a link in place of a file",
    fault: "unsafe",
    change: async (copy) => {
      await unlink(join(copy, "README"));
      await symlink("/etc/hostname", join(copy, "README"));
    },
  },
  { name: "an unknown option", fault: "usage", args: async () => ["--trust-me"] },
];

/** A checkpoint by the log's own key over a history that never was. */
async function olderCheckpoint(trail: SealedTrail, size: number): Promise<string[]> {
  const file = join(trail.place, `forked-${size}`);
  const root = randomBytes(32);
  await writeFile(file, signCheckpoint({ origin: ORIGIN, size, root }, trail.logKey));
  return ["--checkpoint", file];
}
