import { open, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { MARKS, printable } from "#lib/bundle/verify-main.ts";
import { parseWitnessKey } from "#lib/trail/bundle/cosignature.ts";
import { FAULTS, type FaultName } from "#lib/trail/bundle/faults.ts";
import { parseVerifierKeys } from "#lib/trail/checkpoint.ts";
import { HEADER } from "#lib/trail/tlog-proof.ts";
import { verifyProof, type ProofOptions, type ProofReport } from "#lib/trail/verify-proof.ts";

const USAGE =
  "usage: verify FILE.tlog-proof --log-key FILE... [--witness-key FILE]... [--leaf HEX]";
/** Some line, 63 hashes and 16 signatures are far from it. */
const BYTES_MAX = 64 * 1024;
/** Where the words for a bundle do not fit. */
const SENTENCES: Partial<Record<FaultName, string>> = {
  usage: "the proof needs more than was given",
  unreadable: "the proof cannot be read: it is none, damaged or was cut off",
  unsafe: `the file is bigger than a proof can be, ${BYTES_MAX / 1024} KiB`,
  other_key: "the proof is of another log, or under another key",
  tree: "the entry is not in the signed log",
};

/** Whether this is to be read as the proof of an entry: by its name or by its first bytes. */
export async function isProof(path: string): Promise<boolean> {
  if (path.endsWith(".tlog-proof")) return true;
  const file = await open(path, "r").catch(() => null);
  if (!file) return false;
  try {
    const head = Buffer.alloc(HEADER.length);
    const { bytesRead } = await file.read(head, 0, head.length, 0).catch(() => ({ bytesRead: 0 }));
    return head.subarray(0, bytesRead).equals(Buffer.from(HEADER));
  } finally {
    await file.close();
  }
}

/** Checks the proof of one entry: what was found, and the exit code of docs/trail-format.md. */
export async function checkProof(args: string[]): Promise<{ exit: number; said: string }> {
  const given = await readArguments(args).catch((error: Error) => error.message);
  if (typeof given === "string") {
    return { exit: FAULTS.usage.exit, said: `${printable(given)}\n${USAGE}` };
  }
  const text = await proofText(given.path);
  if (typeof text !== "string") {
    const said = `FAIL  ${sentenceOf(text.fault)}${text.found}`;
    return { exit: FAULTS[text.fault].exit, said };
  }
  const report = verifyProof(text, given.options);
  return { exit: report.fault ? FAULTS[report.fault].exit : 0, said: reportText(report) };
}

async function readArguments(args: string[]): Promise<{ path: string; options: ProofOptions }> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "log-key": { type: "string", multiple: true },
      "witness-key": { type: "string", multiple: true },
      leaf: { type: "string" },
    },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error("name one proof");
  const keys = await textsOf(values["log-key"]);
  if (keys.length === 0) throw new Error("a proof holds no key: give --log-key");
  const { leaf } = values;
  if (leaf !== undefined && !/^[0-9a-f]{64}$/.test(leaf))
    throw new Error("--leaf is not 64 hexadecimal digits in lower case");
  const witnesses = (await textsOf(values["witness-key"])).map((text) => parseWitnessKey(text));
  const logKeys = keys.flatMap((text) => parseVerifierKeys(text));
  return { path, options: { logKeys, witnesses, ...(leaf === undefined ? {} : { leaf }) } };
}

function textsOf(files: readonly string[] = []): Promise<string[]> {
  return Promise.all(files.map((file) => readFile(file, "utf8")));
}

type Unread = { fault: "unreadable" | "unsafe"; found: string };

async function proofText(path: string): Promise<string | Unread> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return { fault: "unreadable", found: ": there is no such file" };
  try {
    const buffer = Buffer.alloc(BYTES_MAX + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > BYTES_MAX) return { fault: "unsafe", found: "" };
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      buffer.subarray(0, bytesRead),
    );
  } catch {
    return { fault: "unreadable", found: ": it is no UTF-8 text" };
  } finally {
    await file.close();
  }
}

function sentenceOf(fault: FaultName): string {
  return SENTENCES[fault] ?? FAULTS[fault].sentence;
}

function reportText({ checks, fault, entry, cannotProve }: ProofReport): string {
  const lines = checks.map(({ sentence, result, found }) => {
    const why = found === null ? "" : printable(found);
    const more = why === "" ? "" : result === "not_checked" ? ` (not checked: ${why})` : `: ${why}`;
    return `${MARKS[result]}${sentence}${more}`;
  });
  if (entry) {
    const { seq, kind, actor, at } = entry;
    lines.push(printable(`Entry ${seq}: ${kind} by ${actor}, ${at}.`));
  }
  lines.push(
    fault
      ? `NOT proved: ${sentenceOf(fault)} (exit ${FAULTS[fault].exit}).`
      : "Every check that was made holds.",
    "This proof cannot show:",
    ...cannotProve.map((limit) => `  - ${limit}`),
  );
  return lines.join("\n");
}
