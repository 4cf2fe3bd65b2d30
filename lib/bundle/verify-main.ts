import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parseVerifierKeys } from "../trail/checkpoint.ts";
import { parseWitnessKey } from "../trail/bundle/cosignature.ts";
import { BundleFault, FAULTS } from "../trail/bundle/faults.ts";
import { parseCertificates } from "../trail/bundle/time-stamp.ts";
import {
  verifyBundle,
  type BundleOptions,
  type BundleReport,
} from "../trail/bundle/verify-bundle.ts";
import { openBundle } from "./open-bundle.ts";

const USAGE = `usage: verify BUNDLE [--log-key FILE]... [--witness-key FILE]... [--checkpoint FILE]
              [--tsa-ca FILE] [--newer-than TIME] [--witness-size N]`;

/** Checks the bundle that the arguments name, says what was found, and returns the exit code of docs/trail-format.md. */
export async function verifyBundleMain(args: string[]): Promise<number> {
  const given = await readArguments(args).catch((error: Error) => error.message);
  if (typeof given === "string") {
    process.stderr.write(`${printable(given)}\n${USAGE}\n`);
    return FAULTS.usage.exit;
  }
  try {
    const { files, close } = await openBundle(given.path);
    try {
      const report = await verifyBundle(files, given.options);
      process.stdout.write(`${reportText(report)}\n`);
      return report.exit;
    } finally {
      await close();
    }
  } catch (error) {
    if (!(error instanceof BundleFault)) throw error;
    const { exit, sentence } = FAULTS[error.fault];
    process.stdout.write(`FAIL  ${sentence}: ${printable(error.message)}\n`);
    return exit;
  }
}

async function readArguments(args: string[]): Promise<{ path: string; options: BundleOptions }> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "log-key": { type: "string", multiple: true },
      "witness-key": { type: "string", multiple: true },
      checkpoint: { type: "string" },
      "tsa-ca": { type: "string" },
      "newer-than": { type: "string" },
      "witness-size": { type: "string" },
    },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error("name one bundle");
  const options: BundleOptions = {};
  const keyFiles = values["log-key"];
  if (keyFiles !== undefined) {
    const texts = await Promise.all(keyFiles.map((file) => readFile(file, "utf8")));
    options.logKeys = texts.flatMap((text) => parseVerifierKeys(text));
  }
  options.witnesses = await Promise.all(
    (values["witness-key"] ?? []).map(async (file) =>
      parseWitnessKey(await readFile(file, "utf8")),
    ),
  );
  if (values.checkpoint !== undefined)
    options.olderCheckpoint = await readFile(values.checkpoint, "utf8");
  if (values["tsa-ca"] !== undefined)
    options.tsaCas = parseCertificates(await readFile(values["tsa-ca"], "utf8"));
  const newerThan = values["newer-than"];
  if (newerThan !== undefined && Number.isNaN(Date.parse(newerThan)))
    throw new Error("--newer-than is no time");
  if (newerThan !== undefined) options.newerThan = newerThan;
  const size = values["witness-size"];
  if (size !== undefined && !/^\d{1,15}$/.test(size))
    throw new Error("--witness-size is no number");
  if (size !== undefined) options.witnessSize = Number(size);
  return { path, options };
}

export const MARKS = { holds: "ok    ", fails: "FAIL  ", not_checked: "-     " } as const;

function reportText({
  checks,
  exit,
  entries,
  endsAt,
  size,
  withheld,
  cannotProve,
}: BundleReport): string {
  const lines = checks.map(({ sentence, result, found }) => {
    const more =
      found === null ? "" : result === "not_checked" ? ` (not checked: ${found})` : `: ${found}`;
    return `${MARKS[result]}${sentence}${printable(more)}`;
  });
  const failed = checks.find(({ fault }) => fault !== null)?.fault;
  lines.push(
    `${entries} entries; log ends at ${printable(endsAt ?? "-")}, entry ${size === null ? "-" : size - 1}.`,
  );
  lines.push(
    failed
      ? `NOT what was written: ${FAULTS[failed].sentence} (exit ${exit}).`
      : "Every check that was made holds.",
  );
  if (withheld.length > 0)
    lines.push("Left out on purpose:", ...withheld.map((what) => `  - ${what}`));
  lines.push("This bundle cannot prove:", ...cannotProve.map((limit) => `  - ${limit}`));
  return lines.join("\n");
}

/** A bundle is hostile: nothing of it reaches the terminal as a control character. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
