/**
 * `npm run check`: every gate in order, stopping at the first red one. `npm test` runs the same without
 * the style steps (`--no-style`). The last line is `N passed, N failed`, over tests and steps.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { inheritedEnv } from "#lib/env.ts";
import { say } from "./progress.ts";

type Step = {
  name: string;
  style?: true;
  args: string[];
  report?: string;
  env?: Record<string, string>;
};

const bin = (path: string, ...args: string[]) => [`node_modules/${path}`, ...args];
const vitest = (project: string, report: string) =>
  bin(
    "vitest/vitest.mjs",
    "run",
    ...[
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
  );

const STEPS: Step[] = [
  { name: "format", style: true, args: bin("oxfmt/bin/oxfmt", "--check", ".") },
  { name: "lint", style: true, args: bin("oxlint/bin/oxlint", "--type-aware", "--deny-warnings") },
  { name: "route types", args: bin("next/dist/bin/next", "typegen") },
  { name: "types", args: bin("typescript/bin/tsc", "--noEmit") },
  { name: "rooms", args: ["lib/cli/rooms.ts"] },
  { name: "dead code", style: true, args: bin("knip/bin/knip.js") },
  { name: "copies", style: true, args: bin("jscpd/run-jscpd.js", ".") },
  {
    name: "unit",
    args: vitest("pure", "test-results/unit.json"),
    report: "test-results/unit.json",
  },
  { name: "database", args: vitest("db", "test-results/db.json"), report: "test-results/db.json" },
  { name: "build", args: ["lib/cli/build-once.ts"] },
  { name: "real data", args: ["lib/cli/eval.ts", "ingest", "--short"] },
  { name: "grounding", args: ["lib/cli/bench-grounding.ts", "--short"] },
  { name: "evaluation", args: ["lib/cli/eval.ts", "model"] },
  { name: "injection", args: ["lib/cli/prove.ts", "injection", "--short"] },
  { name: "secrets", args: ["lib/cli/prove.ts", "secrets", "--short"] },
  { name: "gate", args: ["lib/cli/prove.ts", "gate"] },
  { name: "model", args: ["lib/cli/prove.ts", "model", "--short"] },
  { name: "tamper", args: ["lib/cli/prove.ts", "tamper", "--short"] },
  { name: "fuzz", args: ["lib/cli/prove.ts", "fuzz", "--short"] },
  { name: "proofs", args: ["lib/cli/prove.ts", "proofs", "--short"] },
  { name: "chaos", args: ["lib/cli/prove.ts", "chaos", "--short"] },
  { name: "signer", args: ["lib/cli/prove.ts", "signer", "--short"] },
  {
    name: "e2e",
    args: ["lib/cli/e2e.ts"],
    report: "test-results/e2e.json",
  },
];

const withStyle = !process.argv.includes("--no-style");
const total = { passed: 0, failed: 0 };

mkdirSync("test-results", { recursive: true });
for (const one of STEPS) {
  if (one.style && !withStyle) continue;
  if (!(await runStep(one))) break;
}
say(total.failed === 0 ? "\nAll green." : "\nRed: see the step above.");
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runStep(one: Step): Promise<boolean> {
  say(`\n== ${one.name}`);
  if (one.report) rmSync(one.report, { force: true });
  const startedAt = performance.now();
  const code = await run(one);
  const tests = one.report ? readReport(one.report) : null;
  const failed = (tests?.failed ?? 0) || (code === 0 ? 0 : 1);
  total.passed += tests ? tests.passed : code === 0 ? 1 : 0;
  total.failed += failed;
  // A runner that saw no test has proved nothing.
  if (one.report && code === 0 && (tests?.passed ?? 0) === 0) total.failed += 1;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const counts = tests ? `, ${tests.passed} passed, ${tests.failed} failed` : "";
  say(`-- ${one.name}: ${code === 0 ? "ok" : "failed"} in ${seconds} s${counts}`);
  return code === 0 && failed === 0;
}

function run(one: Step): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, one.args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...inheritedEnv(), NEXT_TELEMETRY_DISABLED: "1", ...one.env },
    });
    child.once("exit", resolve);
    child.once("error", () => resolve(1));
  });
}

/** Vitest and Playwright write different JSON; both are read here. */
function readReport(path: string): { passed: number; failed: number } {
  try {
    const report = JSON.parse(readFileSync(path, "utf8")) as {
      numPassedTests?: number;
      numFailedTests?: number;
      stats?: { expected: number; unexpected: number; flaky: number };
    };
    if (report.stats)
      return {
        passed: report.stats.expected,
        failed: report.stats.unexpected + report.stats.flaky,
      };
    return { passed: report.numPassedTests ?? 0, failed: report.numFailedTests ?? 0 };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
