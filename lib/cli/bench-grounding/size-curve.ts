/**
 * 50 claims over N made-up events in a process of its own: `node size-curve.ts N`, or with
 * `hostile` instead of N inputs of 1 MB. Prints JSON. Cold: nothing ran before the clock starts
 * but reading the events and writing the claims.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import type { BenchIncident } from "./bench-claim.ts";
import { constructClaims } from "./constructed-claims.ts";
import { generatedIncident } from "./load-incidents.ts";
import { runHostile } from "./hostile-inputs.ts";
import type { HostileResult } from "./hostile-inputs.ts";

/**
 * Milliseconds of the fastest of some processes: `ms` for the first verification in a process that
 * has run nothing before, `warmMs` for another one after it, with a new index. `rssMb` is the peak.
 */
export type CurvePoint = {
  events: number;
  claims: number;
  ms: number;
  warmMs: number;
  supported: number;
  rssMb: number;
};

const CLAIMS = 50;
const TRIES = 3;
const SELF = fileURLToPath(import.meta.url);

/** One point of the curve: the fastest of `TRIES` new processes. */
export function measurePoint(events: number): CurvePoint {
  const tries = Array.from(
    { length: TRIES },
    () => JSON.parse(inOwnProcess(String(events))) as CurvePoint,
  );
  const fastest = (of: (point: CurvePoint) => number) => Math.min(...tries.map(of));
  const [first] = tries;
  return { ...first!, ms: fastest(({ ms }) => ms), warmMs: fastest(({ warmMs }) => warmMs) };
}

export function measureHostile(): HostileResult[] {
  return JSON.parse(inOwnProcess("hostile")) as HostileResult[];
}

function inOwnProcess(argument: string): string {
  const output = execFileSync(process.execPath, [SELF, argument], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return output.trim().split("\n").at(-1) ?? "";
}

/** 50 claims of all relations; claims and evidence are ready before the clock starts. */
export function pointOf(events: number): CurvePoint {
  const incident = generatedIncident(events);
  const all = constructClaims(incident, 5).map(({ claim }) => claim);
  const step = Math.max(1, all.length / CLAIMS);
  const claims = Array.from({ length: Math.min(CLAIMS, all.length) }, (_, at) => {
    return all[Math.floor(at * step)]!;
  });
  const cold = timed(claims, incident);
  const warm = timed(claims, { ...incident, records: incident.records.map((r) => ({ ...r })) });
  const rssMb = process.resourceUsage().maxRSS / 1024;
  const { supported } = cold;
  return { events, claims: claims.length, ms: cold.ms, warmMs: warm.ms, supported, rssMb };
}

function timed(claims: DraftClaim[], { records, raws }: BenchIncident) {
  const rawText = (id: string) => raws.get(id) ?? null;
  const startedAt = performance.now();
  const verified = verifyClaims(claims, { records, rawText, capped: false });
  const ms = performance.now() - startedAt;
  return { ms, supported: verified.filter(({ standing }) => standing === "supported").length };
}

if (process.argv[1] === SELF) {
  const [, , argument = ""] = process.argv;
  const result = argument === "hostile" ? runHostile() : pointOf(Number(argument));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
