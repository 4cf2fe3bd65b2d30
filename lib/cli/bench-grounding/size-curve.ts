/**
 * 50 claims over N made-up events in a process of its own: `node size-curve.ts N`, or with
 * `hostile` instead of N inputs of 1 MB. Prints JSON. Cold: nothing ran before the clock starts
 * but reading the events and writing the claims.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { constructClaims } from "./constructed-claims.ts";
import { generatedIncident } from "./load-incidents.ts";
import { runHostile } from "./hostile-inputs.ts";
import type { HostileResult } from "./hostile-inputs.ts";

export type CurvePoint = {
  events: number;
  claims: number;
  ms: number;
  supported: number;
  rssMb: number;
};

const CLAIMS = 50;
const SELF = fileURLToPath(import.meta.url);

/** One point of the curve, measured in a new process. */
export function measurePoint(events: number): CurvePoint {
  return JSON.parse(inOwnProcess(String(events))) as CurvePoint;
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

/** 50 claims of all relations, written about the first 1,000 events' incident of that size. */
export function pointOf(events: number): CurvePoint {
  const incident = generatedIncident(events);
  const all = constructClaims(incident, 4).map(({ claim }) => claim);
  const step = Math.max(1, Math.floor(all.length / CLAIMS));
  const claims = all.filter((_, at) => at % step === 0).slice(0, CLAIMS);
  const evidence = {
    records: incident.records,
    rawText: (id: string) => incident.raws.get(id) ?? null,
    capped: false,
  };
  const startedAt = performance.now();
  const verified = verifyClaims(claims, evidence);
  const ms = performance.now() - startedAt;
  const supported = verified.filter(({ standing }) => standing === "supported").length;
  const rssMb = process.resourceUsage().maxRSS / 1024;
  return { events, claims: claims.length, ms, supported, rssMb };
}

if (process.argv[1] === SELF) {
  const [, , argument = ""] = process.argv;
  const result = argument === "hostile" ? runHostile() : pointOf(Number(argument));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
