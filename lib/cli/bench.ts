/** `npm run bench [-- --short] [--only trail|queue] [--json FILE]`: what is measured, against a limit measured in the same run. */
import { parseArgs } from "node:util";
import { benchIngest } from "./bench/ingest.ts";
import { benchPrompt } from "./bench/prompt.ts";
import { benchSigning } from "./bench/signing.ts";
import { benchTrail } from "./bench/trail.ts";
import { benchQueue } from "./bench/queue.ts";
import { benchIncident } from "./bench/screens.ts";
import type { Figure } from "./figures.ts";
import { publish } from "./figures.ts";
import { step } from "./progress.ts";
import { startScratchServer, type ScratchServer } from "./scratch-database.ts";

const { values: asked } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string" },
    json: { type: "string" },
  },
});
if (asked.only !== undefined && asked.only !== "trail" && asked.only !== "queue")
  throw new Error(
    `There is no part ${asked.only} to be measured alone; there are trail and queue.`,
  );
const { short } = asked;
const sizes = short
  ? { ingest: 4_000, incidents: 20_000, events: 2_000, signing: { signaturesEach: 10, seconds: 3 } }
  : {
      ...{ ingest: 40_000, incidents: 1_000_000, events: 10_000 },
      signing: { signaturesEach: 50, seconds: 15 },
    };
const trail = short
  ? { commands: 300, seconds: 3, log: { entries: 20_000, proofs: 300, scriptEntries: 100 } }
  : {
      commands: 2_000,
      seconds: 15,
      log: { entries: 1_000_000, proofs: 1_000, scriptEntries: 500 },
    };

const figures: Figure[] = [];
const server = await step("Postgres", startScratchServer);
try {
  if (!asked.only) figures.push(...(await benchDesk(server)));
  if (asked.only === "queue")
    figures.push(...(await step("Queue", () => benchQueue(server, sizes.incidents))));
  else figures.push(...(await benchTrail(server, trail)));
} finally {
  await server.stop();
}
if (!asked.only) figures.push(...(await step("Signing", () => benchSigning(sizes.signing))));
const words = [...(short ? ["--short"] : []), ...(asked.only ? ["--only", asked.only] : [])];
publish(["npm run bench", ...(words.length > 0 ? ["--", ...words] : [])].join(" "), figures);

async function benchDesk(on: ScratchServer): Promise<Figure[]> {
  return [
    ...(await step("Ingest against COPY", () => benchIngest(on, sizes.ingest))),
    ...(await step("Queue", () => benchQueue(on, sizes.incidents))),
    ...(await step("Incident page and summary", () => benchIncident(on, sizes.events))),
    ...(await step("Prompt", () => benchPrompt(sizes.events))),
  ];
}
