/** `npm run bench [-- --short] [--json FILE]`: what is measured, against a limit measured in the same run. */
import { benchIngest } from "./bench/ingest.ts";
import { benchPrompt } from "./bench/prompt.ts";
import { benchSigning } from "./bench/signing.ts";
import { benchIncident, benchQueue } from "./bench/screens.ts";
import type { Figure } from "./figures.ts";
import { publish } from "./figures.ts";
import { step } from "./progress.ts";
import { startScratchServer } from "./scratch-database.ts";

const short = process.argv.includes("--short");
const sizes = short
  ? { ingest: 4_000, incidents: 10_000, events: 2_000, signing: { signaturesEach: 10, seconds: 3 } }
  : {
      ...{ ingest: 40_000, incidents: 100_000, events: 10_000 },
      signing: { signaturesEach: 50, seconds: 15 },
    };

const figures: Figure[] = [];
const server = await step("Postgres", startScratchServer);
try {
  figures.push(...(await step("Ingest against COPY", () => benchIngest(server, sizes.ingest))));
  figures.push(...(await step("Queue", () => benchQueue(server, sizes.incidents))));
  figures.push(
    ...(await step("Incident page and summary", () => benchIncident(server, sizes.events))),
  );
  figures.push(...(await step("Prompt", () => benchPrompt(sizes.events))));
} finally {
  await server.stop();
}
figures.push(...(await step("Signing", () => benchSigning(sizes.signing))));
publish(`npm run bench${short ? " -- --short" : ""}`, figures);
