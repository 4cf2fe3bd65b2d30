import { FORMATS, type SourceFormat } from "#lib/domain/evidence/record.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import { InputError } from "./input-error.ts";

export type VerifyArgs = {
  events: string[];
  claims: string;
  json: string | null;
  format: SourceFormat;
  /** The mildest standing that makes the exit code 1; null: any claim may have any. */
  failOn: Exclude<Standing, "supported"> | null;
  capped: boolean;
  now: Date;
};

export const USAGE = `Usage: npm run verify:claims -- --events FILE... --claims FILE [--json OUT]
  --events FILE...   events or alerts: JSON, NDJSON, gzip; several files and repeated flags add up
  --claims FILE      {"claims": [...]}, a list of claims, or one claim a line
  --json OUT         write every check as JSON; - for standard output (the table then goes to standard error)
  --format NAME      ${FORMATS.join(", ")} (default auto)
  --fail-on S        exit with 1 when a claim is S or worse: partial, unsupported, contradicted
  --capped           the events are not all there are: absence and exact totals stay open
  --now TIME         the date for times without a year (ISO 8601; default: now)
Exit code: 0 judged, whatever the standings; 1 by --fail-on; 2 when something given cannot be used.`;

const FAILING = ["partial", "unsupported", "contradicted"] as const;
const VALUES = ["--claims", "--json", "--format", "--fail-on", "--now"] as const;

/** Reads the command line; null when help was asked for. Throws InputError for what it does not know. */
export function readVerifyArgs(argv: string[]): VerifyArgs | null {
  const events: string[] = [];
  const values = new Map<string, string>();
  let capped = false;
  let takesEvents = false;
  const rest = argv.flatMap((arg) => /^(--[a-z-]+)=(.*)$/s.exec(arg)?.slice(1) ?? [arg]);
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === "--help" || arg === "-h") return null;
    const isFlag = arg.startsWith("--");
    if (!isFlag && takesEvents) events.push(arg);
    else if (arg === "--events") events.push(valueOf(arg, rest));
    else if (arg === "--capped") capped = true;
    else if ((VALUES as readonly string[]).includes(arg)) {
      if (values.has(arg)) throw new InputError(`${arg} is given twice.`);
      values.set(arg, valueOf(arg, rest));
    } else throw new InputError(`Unknown: ${arg.slice(0, 80)}\n${USAGE}`);
    takesEvents = arg === "--events" || (takesEvents && !isFlag);
  }
  const claims = values.get("--claims");
  if (events.length === 0) throw new InputError(`Which events? --events FILE\n${USAGE}`);
  if (claims === undefined) throw new InputError(`Which claims? --claims FILE\n${USAGE}`);
  return {
    events,
    claims,
    json: values.get("--json") ?? null,
    format: oneOf("--format", FORMATS, values.get("--format") ?? "auto"),
    failOn: values.has("--fail-on") ? oneOf("--fail-on", FAILING, values.get("--fail-on")!) : null,
    capped,
    now: timeOf(values.get("--now")),
  };
}

function valueOf(flag: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined || value === "" || value.startsWith("--"))
    throw new InputError(`${flag} needs a value.\n${USAGE}`);
  return value;
}

function oneOf<T extends string>(flag: string, known: readonly T[], value: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined)
    throw new InputError(`${flag} is one of ${known.join(", ")}, not "${value.slice(0, 40)}".`);
  return found;
}

function timeOf(value: string | undefined): Date {
  const at = value === undefined ? new Date() : new Date(value);
  if (Number.isNaN(at.getTime()))
    throw new InputError(`--now is a time such as 2026-03-01T00:00:00Z, not "${value}".`);
  return at;
}
