/**
 * `npm run bench:grounding -- [--short] [--json FILE] [--side dev|held-out|both] [--operator M12,..]
 * [--failures FILE] [--mutants FILE] [--replay FILE]`: how often the verifier is wrong.
 *
 * `--failures` writes what was misjudged on the side `dev`, never on `held-out`; `--mutants` writes
 * every mutant with its standing, `--replay` judges such a file again. A full run of both sides and
 * all operators writes docs/grounding-benchmark.md. Exit code 1 when counts break an invariant or a
 * replay differs; times and missed targets never fail a run.
 */
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, writeFileSync, writeSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { sampleDataDirectory } from "#lib/env.ts";
import { loadIncidents } from "./bench-grounding/load-incidents.ts";
import { mutantWriter, replayMutants } from "./bench-grounding/mutant-file.ts";
import { naturalClaims } from "./bench-grounding/natural.ts";
import { scoreReports } from "./bench-grounding/natural-reports.ts";
import { OPERATORS } from "./bench-grounding/operators.ts";
import { loadPayloads } from "./bench-grounding/payloads.ts";
import { brokenInvariants, targetsOf } from "./bench-grounding/report.ts";
import type { Report } from "./bench-grounding/report.ts";
import { runBenchmark } from "./bench-grounding/run.ts";
import { measureHostile, measurePoint } from "./bench-grounding/size-curve.ts";
import type { Side } from "./bench-grounding/split.ts";
import { asText, tablesOf } from "./bench-grounding/tables.ts";
import { scoreTagged } from "./bench-grounding/tagged-file.ts";
import { documentOf } from "./bench-grounding/write-document.ts";
import { say, step } from "./progress.ts";

const SIZES = {
  full: {
    cap: 1500,
    claims: 5,
    mutated: 24,
    every: 1,
    events: [1000, 3000, 10_000, 30_000, 100_000],
  },
  alone: { cap: 300, claims: 4, mutated: 8, every: 1, events: [1000, 10_000] },
  short: { cap: 150, claims: 2, mutated: 4, every: 3, events: [] },
};
const DOCUMENT = resolve("docs/grounding-benchmark.md");

const { values: args } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    json: { type: "string" },
    side: { type: "string", default: "both" },
    operator: { type: "string" },
    failures: { type: "string" },
    mutants: { type: "string" },
    replay: { type: "string" },
  },
});
const startedAt = performance.now();
const sides = (["dev", "held-out"] as const).filter((s) => args.side === "both" || args.side === s);
const wanted = args.operator?.split(",");
const operators = OPERATORS.filter(({ id }) => !wanted || wanted.includes(id));
const folder = dataFolder();
const size = folder === null ? SIZES.alone : args.short ? SIZES.short : SIZES.full;
const payloads = loadPayloads(folder);
if (sides.length === 0 || operators.length === 0) {
  process.stderr.write("--side is dev, held-out or both; --operator is M01 to M26.\n");
  process.exitCode = 1;
} else if (args.replay) await replay(args.replay);
else await bench();

async function bench(): Promise<void> {
  if (!folder)
    say(
      "There is no sample data in ../shared/data (or COUNTERSIGN_DATA_DIR): only the demo night and made-up events are used, and nothing is held out.",
    );
  const report = await measure();
  for (const table of tablesOf(report)) say(asText(table));
  const seconds = (performance.now() - startedAt) / 1000;
  say(`\n${Math.round(seconds)} s in all.`);
  if (args.json) writeFileSync(args.json, `${JSON.stringify(asJson(report), null, 2)}\n`);
  const isWhole = !args.short && !wanted && sides.length === 2 && folder !== null;
  if (isWhole) {
    writeFileSync(DOCUMENT, documentOf(report, circumstances(seconds)));
    say("docs/grounding-benchmark.md is written.");
  }
  const broken = wanted ? [] : brokenInvariants(report);
  for (const sentence of broken) say(`BROKEN: ${sentence}.`);
  if (broken.length > 0) process.exitCode = 1;
}

async function measure(): Promise<Report> {
  const curve =
    args.short || wanted
      ? []
      : await step("Time by size", async () => size.events.map((n) => measurePoint(n)));
  const hostile =
    args.short || wanted ? [] : await step("1 MB of hostile text", async () => measureHostile());
  const all = await step("Incidents", () => loadIncidents(folder, size.cap));
  const incidents = all.filter(({ side }, at) => sides.includes(side) && at % size.every === 0);
  const tally = await step("True claims and mutants", async (note) => judgeAll(incidents, note));
  const excytin = folder ? join(folder, "grounding", "excytin") : null;
  const natural = await step("Model sentences", async () => naturalClaims(excytin));
  const reports = await step("Model reports", async () => scoreReports(excytin));
  const tagged = await step("Tagged sentences", async () => scoreTagged());
  const rssMb = process.resourceUsage().maxRSS / 1024;
  const { short } = args;
  return {
    short,
    data: folder !== null,
    sides: sides.filter((side) => tally.incidents[side] > 0),
    tally,
    natural,
    reports,
    tagged,
    curve,
    hostile,
    rssMb,
  };
}

function judgeAll(
  incidents: Parameters<typeof runBenchmark>[0],
  note: (text: string) => void,
): ReturnType<typeof runBenchmark> {
  const mutants = args.mutants ? mutantWriter(args.mutants) : null;
  const failures = args.failures ? openSync(args.failures, "w") : null;
  const tally = runBenchmark(incidents, {
    sides,
    operators,
    payloads,
    claims: size.claims,
    mutated: size.mutated,
    note,
    ...(mutants ? { onMutant: mutants.write } : {}),
    onFailure: (failure) => {
      if (failures !== null) writeSync(failures, `${JSON.stringify(failure)}\n`);
    },
  });
  mutants?.close();
  if (failures !== null) closeSync(failures);
  return tally;
}

async function replay(path: string): Promise<void> {
  const all = await step("Incidents", () => loadIncidents(folder, size.cap));
  const incidents = all.filter((_, at) => at % size.every === 0);
  const found = await step("Mutants again", () => replayMutants(path, incidents, payloads));
  say(`${found.n} mutants judged again, ${found.differences.length} differently.`);
  if (found.unknown > 0)
    say(
      `${found.unknown} are of incidents that are not here: run with the same data, and --short if they were written so.`,
    );
  for (const difference of found.differences.slice(0, 20)) say(`  ${difference}`);
  if (found.differences.length > 0 || found.unknown > 0) process.exitCode = 1;
}

function dataFolder(): string | null {
  const options = [sampleDataDirectory(), resolve("../shared/data")];
  return (
    options.find((f) => f !== null && existsSync(join(f, "security", "MANIFEST.json"))) ?? null
  );
}

function asJson(report: Report) {
  const { tally, natural, reports, tagged, curve, hostile, rssMb } = report;
  const targets = Object.fromEntries(
    report.sides.map((side: Side) => [side, targetsOf(report, side)]),
  );
  return {
    ...circumstances((performance.now() - startedAt) / 1000),
    targets,
    operators: [...tally.operators.values()],
    claims: [...tally.claims.values()],
    strata: [...tally.strata.values()],
    natural:
      natural.data === null ? natural.reason : { dev: natural.dev, heldOut: natural.heldOut },
    reports:
      reports.data === null
        ? reports.reason
        : { plain: reports.plain, withFields: reports.withFields },
    tagged,
    curve,
    hostile,
    rssMb,
  };
}

function circumstances(seconds: number) {
  const [first] = cpus();
  const given = args.short ? "--short" : "";
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    command: `npm run bench:grounding${given ? ` -- ${given}` : ""}`,
    machine: `${cpus().length} x ${first?.model.trim() ?? "cpu"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
    seconds,
    cap: size.cap,
  };
}

function commit(): string {
  try {
    const changed =
      execFileSync(
        "git",
        ["status", "--porcelain", "lib/grounding", "lib/connectors", "lib/domain"],
        { encoding: "utf8" },
      ) !== "";
    const short = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
    }).trim();
    return changed ? `${short} with changes` : short;
  } catch {
    return "unknown";
  }
}
