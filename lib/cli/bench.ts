/** `npm run bench [-- --short] [--only PART] [--entries N] [--minutes N] [--json FILE]`: what is measured, against a limit measured in the same run. */
import { parseArgs } from "node:util";
import { benchDesk } from "./bench/desk.ts";
import { benchIngest } from "./bench/ingest.ts";
import { benchPrompt } from "./bench/prompt.ts";
import { benchQueue } from "./bench/queue.ts";
import { benchIncident } from "./bench/screens.ts";
import { benchSigning } from "./bench/signing.ts";
import { benchThreadScreen } from "./bench/thread-screen.ts";
import { benchThread } from "./bench/thread.ts";
import { benchLog, benchTrail } from "./bench/trail.ts";
import type { Figure } from "./figures.ts";
import { publish } from "./figures.ts";
import { step } from "./progress.ts";
import { startScratchServer, type ScratchServer } from "./scratch-database.ts";

const { values: asked } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string" },
    entries: { type: "string" },
    minutes: { type: "string" },
    json: { type: "string" },
  },
});
const { short, only } = asked;
if (asked.entries !== undefined && !/^[1-9]\d{0,7}$/.test(asked.entries))
  throw new Error(`${asked.entries} is no number of entries for the long log.`);
if (asked.minutes !== undefined && !/^[1-9]\d{0,2}$/.test(asked.minutes))
  throw new Error(`${asked.minutes} is no number of minutes of use.`);
const sizes = short
  ? {
      ...{ ingest: 4_000, incidents: 20_000, events: 2_000, thread: 10_000 },
      signing: { signaturesEach: 10, seconds: 3 },
      use: { loads: 5, turns: 2, minutes: 1 },
    }
  : {
      ...{ ingest: 40_000, incidents: 1_000_000, events: 10_000, thread: 100_000 },
      signing: { signaturesEach: 50, seconds: 15 },
      use: { loads: 20, turns: 4, minutes: 5 },
    };
const trail = short
  ? { commands: 300, seconds: 3, log: { entries: 20_000, proofs: 300, scriptEntries: 100 } }
  : {
      commands: 2_000,
      seconds: 15,
      log: { entries: 1_000_000, proofs: 1_000, scriptEntries: 500 },
    };
if (asked.minutes !== undefined) sizes.use.minutes = Number(asked.minutes);
if (asked.entries !== undefined) trail.log.entries = Number(asked.entries);

type Part = (on: ScratchServer) => Promise<Figure[]>;

/** In the order in which they run; each can be asked for alone. */
const PARTS: Record<string, Part> = {
  ingest: (on) => step("Ingest against COPY", () => benchIngest(on, sizes.ingest)),
  queue: (on) => step("Queue", () => benchQueue(on, sizes.incidents)),
  incident: (on) => step("Incident page and summary", () => benchIncident(on, sizes.events)),
  prompt: () => step("Prompt", () => benchPrompt(sizes.events)),
  thread: async (on) => [
    ...(await step("Thread", () => benchThread(on, sizes.thread))),
    ...(await step("Thread in a browser", () => benchThreadScreen(sizes.thread))),
  ],
  desk: () => {
    const { incidents, thread: events, use } = sizes;
    return step("Desk in a browser", () => benchDesk({ incidents, events, ...use }));
  },
  trail: (on) => benchTrail(on, trail),
  signing: () => step("Signing", () => benchSigning(sizes.signing)),
};
/** Parts of parts: run only when they are asked for. */
const ALONE: Record<string, Part> = { "trail-log": (on) => benchLog(on, trail.log) };

const chosen = only === undefined ? Object.values(PARTS) : [{ ...PARTS, ...ALONE }[only]];
const figures: Figure[] = [];
const server = await step("Postgres", startScratchServer);
try {
  for (const part of chosen) {
    if (!part)
      throw new Error(
        `There is no part ${only} to be measured alone; there are ${Object.keys({ ...PARTS, ...ALONE }).join(", ")}.`,
      );
    figures.push(...(await part(server)));
  }
} finally {
  await server.stop();
}
const words = [
  ...(short ? ["--short"] : []),
  ...(only ? ["--only", only] : []),
  ...(asked.entries ? ["--entries", asked.entries] : []),
  ...(asked.minutes ? ["--minutes", asked.minutes] : []),
];
publish(["npm run bench", ...(words.length > 0 ? ["--", ...words] : [])].join(" "), figures);
