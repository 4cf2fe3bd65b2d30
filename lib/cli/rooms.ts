/** `npm run check:rooms`: who imports whom, held to .dependency-cruiser.js. Fails when it saw nothing. */
import { spawnSync } from "node:child_process";

const FEWEST_MODULES = 150;

type Report = {
  summary: {
    totalCruised: number;
    violations: { from: string; to: string; rule: { name: string; severity: string } }[];
  };
};

const cruise = spawnSync(
  process.execPath,
  [
    "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
    "--config",
    ".dependency-cruiser.js",
    "--output-type",
    "json",
    ...["app", "components", "lib", "prisma", "e2e", "proxy.ts", "instrumentation-client.ts"],
  ],
  { encoding: "utf8", maxBuffer: 1 << 28 },
);

const { summary } = parse(cruise.stdout);
const own = summary.totalCruised;
for (const { rule, from, to } of summary.violations) {
  process.stdout.write(`${rule.name}: ${from} must not import ${to}\n`);
}
if (own < FEWEST_MODULES) {
  process.stdout.write(`The check saw only ${own} modules; it is blind, so it fails.\n`);
}
process.stdout.write(`${own} modules, ${summary.violations.length} forbidden imports\n`);
process.exitCode = summary.violations.length > 0 || own < FEWEST_MODULES ? 1 : 0;

function parse(text: string): Report {
  try {
    return JSON.parse(text) as Report;
  } catch {
    process.stderr.write(cruise.stderr);
    return { summary: { totalCruised: 0, violations: [] } };
  }
}
