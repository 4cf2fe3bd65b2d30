import { createReadStream, statSync } from "node:fs";
import { verifyBundleMain } from "#lib/bundle/verify-main.ts";
import { checkProof, isProof } from "./verify-proof.ts";
import { verifyLines, type Verification } from "#lib/trail/verify.ts";

/**
 * `node lib/cli/verify.ts FILE`: checks an exported trail with no database and no package.
 * Exit code 0 when every check holds, else 1. A bundle, a folder or an archive, is checked as a bundle, the proof of an entry
 * (FILE.tlog-proof) as one, each with its own options and exit codes.
 */
async function main(path: string | undefined): Promise<number> {
  if (path === undefined) {
    console.error("usage: node lib/cli/verify.ts FILE");
    return 1;
  }
  try {
    const verification = await verifyLines(fileLines(path));
    console.log(report(verification));
    return verification.holds ? 0 : 1;
  } catch (error) {
    console.error(
      `cannot check ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  }
}

/** The lines of a UTF-8 file without their line ends; a last line without one is given as it is, marked. */
async function* fileLines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest = "";
  for await (const chunk of createReadStream(path)) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  // an export ends in a line end: what follows the last one was cut off or put there
  if (rest !== "") yield `${rest}\uFFFD`;
}

function report({
  scope,
  incident,
  checks,
  holds,
  entries,
  firstAt,
  lastAt,
  lastLeaf,
  erased,
  cannotProve,
}: Verification): string {
  const subject = scope === "log" ? "the whole log" : `the extract of incident ${incident}`;
  return [
    `Checked ${subject}.`,
    ...checks.map(({ holds: held, sentence, first }) =>
      held || !first
        ? `  ok    ${sentence}`
        : `  FAIL  ${sentence}: line ${first.line}: ${printable(first.reason)}`,
    ),
    ...erased.map(
      ({ by, entries: gone, from, to }) =>
        `  erased by entry ${by}: ${gone} ${gone === 1 ? "payload" : "payloads"}, from entry ${from} to ${to}`,
    ),
    `${entries} ${entries === 1 ? "entry" : "entries"}, from ${firstAt ?? "-"} to ${lastAt ?? "-"}, last hash ${lastLeaf ?? "-"}.`,
    holds ? "Every check holds." : "This file is NOT the trail as it was written.",
    "This file alone cannot prove:",
    ...cannotProve.map((limit) => `  - ${limit}`),
  ].join("\n");
}

/** A file to be checked is hostile: nothing of it reaches the terminal as a control character. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

async function proofMain(given: string[]): Promise<number> {
  const { exit, said } = await checkProof(given);
  console.log(said);
  return exit;
}

function isBundle(path: string): boolean {
  if (/\.(?:tar|tar\.gz|tgz)$/.test(path)) return true;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

const args = process.argv.slice(2);
const areProofs = await Promise.all(args.map(isProof));
if (args.some(isBundle)) process.exitCode = await verifyBundleMain(args);
else if (areProofs.includes(true)) process.exitCode = await proofMain(args);
else process.exitCode = await main(args[0]);
