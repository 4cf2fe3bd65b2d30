/**
 * `npm run eval -- ingest|correlation|omissions|detector [--json FILE] [--short]`: the product against real data, when it is there.
 * `npm run eval -- model [--live] [--json FILE]`: the copilot against incidents with known answers.
 * `npm run eval -- document REPORT.json...`: docs/copilot-evaluation.md, from the reports of these and of the injection proof.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { sampleDataDirectory } from "#lib/env.ts";
import { evalCorrelation } from "./eval-correlation.ts";
import { evalDetector } from "./eval-detector.ts";
import { writeEvaluationDocument } from "./eval-document.ts";
import { evalIngest } from "./eval-ingest.ts";
import { evalModel } from "./eval-model.ts";
import { evalOmissions } from "./eval-omissions.ts";
import type { Figure } from "./figures.ts";
import { publish } from "./figures.ts";
import { say, StartError } from "./progress.ts";

/** Each gets the folder that holds `security/`. */
const EVALS: Record<string, (folder: string, short: boolean) => Promise<Figure[]>> = {
  ingest: (folder, short) => evalIngest(join(folder, "security"), short),
  correlation: (folder) => evalCorrelation(folder),
  omissions: (folder, short) => evalOmissions(folder, short),
  detector: (folder) => evalDetector(folder),
};

const [name] = process.argv.slice(2);
const run = name === undefined ? undefined : EVALS[name];
const folder = sampleDataDirectory() ?? resolve("../shared/data");
const short = process.argv.includes("--short");
const command = `npm run eval -- ${name ?? ""}${short ? " --short" : ""}`;

try {
  await start();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  if (name === "document") return writeEvaluationDocument(process.argv.slice(3));
  if (name === "model") {
    const live = process.argv.includes("--live");
    return publish(`npm run eval -- model${live ? " --live" : ""}`, await evalModel(live));
  }
  if (!run) {
    const names = [...Object.keys(EVALS), "model", "document"].join("|");
    process.stderr.write(`Usage: npm run eval -- ${names} [--json FILE] [--short] [--live]\n`);
    process.exitCode = 1;
  } else if (!existsSync(join(folder, "security", "MANIFEST.json"))) {
    publish(command, []);
    say(
      `skipped: there is no sample data in ${folder}; set COUNTERSIGN_DATA_DIR to the folder that holds security/.`,
    );
  } else publish(command, await run(folder, short));
}
