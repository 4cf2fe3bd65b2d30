/** `npm run bench [-- --short] [--only trail|trail-log] [--entries N] [--json FILE]`: what is measured, against a limit measured in the same run. */
import { parseArgs } from "node:util";
import { benchIngest } from "./bench/ingest.ts";
import { benchPrompt } from "./bench/prompt.ts";
import { benchSigning } from "./bench/signing.ts";
import { benchLog, benchTrail } from "./bench/trail.ts";
import { benchIncident, benchQueue } from "./bench/screens.ts";
import type { Figure } from "./figures.ts";
import { publish } from "./figures.ts";
import { step } from "./progress.ts";
import { startScratchServer, type ScratchServer } from "./scratch-database.ts";

const { values: asked } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string" },
    entries: { type: "string" },
    json: { type: "string" },
  },
});
const { short, only } = asked;
if (only !== undefined && only !== "trail" && only !== "trail-log")
  throw new Error(
    `There is no part ${only} to be measured alone; there are trail and, of it, trail-log.`,
  );
if (asked.entries !== undefined && !/^[1-9]\d{0,7}$/.test(asked.entries))
  throw new Error(`${asked.entries} is no number of entries for the long log.`);
const sizes = short
  ? { ingest: 4_000, incidents: 10_000, events: 2_000, signing: { signaturesEach: 10, seconds: 3 } }
  : {
      ...{ ingest: 40_000, incidents: 100_000, events: 10_000 },
      signing: { signaturesEach: 50, seconds: 15 },
    };
const trail = short
  ? { commands: 300, seconds: 3, log: { entries: 20_000, proofs: 300, scriptEntries: 100 } }
  : {
      commands: 2_000,
      seconds: 15,
      log: { entries: 1_000_000, proofs: 1_000, scriptEntries: 500 },
    };

if (asked.entries !== undefined) trail.log.entries = Number(asked.entries);

const figures: Figure[] = [];
const server = await step("Postgres", startScratchServer);
try {
  if (only === undefined) figures.push(...(await benchDesk(server)));
  figures.push(
    ...(await (only === "trail-log" ? benchLog(server, trail.log) : benchTrail(server, trail))),
  );
} finally {
  await server.stop();
}
if (only === undefined) figures.push(...(await step("Signing", () => benchSigning(sizes.signing))));
const words = [
  ...(short ? ["--short"] : []),
  ...(only ? ["--only", only] : []),
  ...(asked.entries ? ["--entries", asked.entries] : []),
];
publish(["npm run bench", ...(words.length > 0 ? ["--", ...words] : [])].join(" "), figures);

async function benchDesk(on: ScratchServer): Promise<Figure[]> {
  return [
    ...(await step("Ingest against COPY", () => benchIngest(on, sizes.ingest))),
    ...(await step("Queue", () => benchQueue(on, sizes.incidents))),
    ...(await step("Incident page and summary", () => benchIncident(on, sizes.events))),
    ...(await step("Prompt", () => benchPrompt(sizes.events))),
  ];
}
