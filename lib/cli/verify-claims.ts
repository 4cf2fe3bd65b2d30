/**
 * `npm run verify:claims -- --events FILE... --claims FILE --json OUT`: judges claims about events by the
 * product's own rules, with no database, no network and no key. See docs/grounding.md.
 */
import { hash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { STANDINGS, type Standing } from "#lib/domain/summary/claim.ts";
import { InputError } from "./verify-claims/input-error.ts";
import { printVerdict } from "./verify-claims/print-verdict.ts";
import { readVerifyArgs, USAGE, type VerifyArgs } from "./verify-claims/read-args.ts";
import { type ClaimsForm, type GivenClaim, readClaims } from "./verify-claims/read-claims.ts";
import { type EventsFile, FILE_BYTES_MAX, readEventsFile } from "./verify-claims/read-events.ts";
import { type ClaimsVerdict, verifyGiven } from "./verify-claims/verify-claims-against.ts";

const CLAIMS_MAX = 100_000;

type ClaimsFile = { file: string; bytes: number; sha256: string; form: ClaimsForm };

async function main(argv: string[]): Promise<number> {
  try {
    const args = readVerifyArgs(argv);
    if (args) return await verify(args);
    console.log(USAGE);
    return 0;
  } catch (error) {
    // a bug here is still one line for whoever runs this; the code tells it from a judged file
    console.error(error instanceof InputError ? error.message : `cannot judge: ${String(error)}`);
    return 2;
  }
}

async function verify(args: VerifyArgs): Promise<number> {
  const { claims, ...claimsFile } = await readClaimsFile(args.claims);
  const files: EventsFile[] = [];
  for (const file of args.events)
    files.push(await readEventsFile(file, (files.at(-1)?.last ?? 0) + 1));
  const { format, capped, now } = args;
  const events = files.flatMap((file) => file.events);
  const verdict = verifyGiven(events, claims, { format, capped, now });
  const table = printVerdict(verdict, files);
  if (args.json === "-") console.error(table);
  else console.log(table);
  if (args.json !== null) await writeJson(args.json, asJson(verdict, files, claimsFile, capped));
  return exitCode(verdict, args.failOn);
}

async function readClaimsFile(file: string): Promise<ClaimsFile & { claims: GivenClaim[] }> {
  const bytes = await readBytes(file);
  const read = readClaims(new TextDecoder().decode(bytes));
  if (!read.ok) throw new InputError(`${file}: ${read.reason}.`);
  if (read.claims.length > CLAIMS_MAX)
    throw new InputError(`${file}: ${read.claims.length} claims; at most ${CLAIMS_MAX} at a time.`);
  const { form, claims } = read;
  return { file, bytes: bytes.length, sha256: hash("sha256", bytes), form, claims };
}

async function readBytes(file: string): Promise<Uint8Array> {
  const info = await stat(file).catch(() => null);
  if (!info) throw new InputError(`${file}: no such file.`);
  if (!info.isFile()) throw new InputError(`${file}: not a file.`);
  if (info.size > FILE_BYTES_MAX)
    throw new InputError(`${file}: more than ${FILE_BYTES_MAX / 1_000_000} MB of claims.`);
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file}: cannot be read (${error.code ?? error.message}).`);
  });
}

/** The same inputs give the same bytes: no time of the run, no path but those given. */
function asJson(
  { verifier, events, claims, totals }: ClaimsVerdict,
  files: EventsFile[],
  claimsFile: ClaimsFile,
  capped: boolean,
): string {
  const inputs = files.map(({ events: _events, ...file }) => file);
  const verdict = {
    verifier,
    events: { files: inputs, capped, ...events },
    claims: claimsFile,
    totals,
    verdicts: claims,
  };
  return `${JSON.stringify(verdict, null, 2)}\n`;
}

async function writeJson(path: string, json: string): Promise<void> {
  if (path === "-") return void process.stdout.write(json);
  await writeFile(path, json).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${path}: cannot be written (${error.code ?? error.message}).`);
  });
}

/** A refused item was not judged: it counts as unsupported. */
function exitCode({ claims }: ClaimsVerdict, failOn: Standing | null): number {
  if (failOn === null) return 0;
  const limit = STANDINGS.indexOf(failOn);
  const fails = claims.some((c) => STANDINGS.indexOf(c.standing ?? "unsupported") >= limit);
  return fails ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
