/** The demo: six people, a few sources and one night on the desk, made through the real doors. */
import { randomBytes, randomInt } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { configureResponder } from "#lib/commands/responses/configure-responder.ts";
import { createClient } from "#lib/db/prisma.ts";
import { ROLES } from "#lib/domain/people/permissions.ts";
import { FORMATS } from "#lib/domain/evidence/record.ts";
import type { ConfigureResponderInput } from "#lib/contracts/responder-inputs.ts";
import { RESPONDER_SERVES } from "#lib/domain/decision/responder.ts";
import { enrolPerson } from "#lib/db/seed-people.ts";
import { createApiToken, createDemoSource } from "#lib/db/seed-sources.ts";
import { DEMO_PEOPLE } from "#prisma/seed/people.ts";
import { DEMO_SOURCES } from "#prisma/seed/sources.ts";
import { postNight } from "#prisma/seed/post-night.ts";
import { decideDemo, untilSummarised } from "#prisma/seed/decide.ts";
import type { Database } from "./database.ts";
import { box, step } from "./progress.ts";

const demoSchema = z.object({
  url: z.string(),
  people: z.array(z.object({ email: z.string(), password: z.string(), role: z.enum(ROLES) })),
  sources: z.array(z.object({ name: z.string(), format: z.enum(FORMATS), token: z.string() })),
  readToken: z.string(),
  /** When the night began; null until its records are in. */
  night: z.object({ startedAt: z.string(), done: z.boolean() }),
});
type DemoFile = z.infer<typeof demoSchema>;

export type Demo = { file: DemoFile; home: string; database: Database };

const FILE = "demo.json";

/** People, sources and tokens, made once; `.data/demo.json` (mode 0600) holds them for machines. */
export async function prepareDemo(given: {
  home: string;
  url: string;
  database: Database;
}): Promise<Demo> {
  const known = await readDemoFile(given.home);
  const file = known
    ? { ...known, url: given.url }
    : await step("Demo people and sources", () => makeDemo(given));
  await writeDemoFile(given.home, file);
  return { file, home: given.home, database: given.database };
}

/** Posts the night through HTTP, waits for its summaries and has two incidents decided, once. */
export async function finishDemo(demo: Demo): Promise<void> {
  if (demo.file.night.done) return;
  const { url, sources, people } = demo.file;
  const start = new Date(demo.file.night.startedAt);
  await step("Demo night: records", (note) =>
    postNight({ url, sources, nightStart: start, onProgress: note }),
  );
  const web = createClient(demo.database.env.DATABASE_URL_WEB, 4);
  try {
    await step("Demo night: summaries", (note) => untilSummarised(web, note));
    await step("Demo night: two decisions", () => decideDemo(web, people));
  } finally {
    await web.$disconnect();
  }
  demo.file.night.done = true;
  await writeDemoFile(demo.home, demo.file);
}

export function demoBox(demo: Demo): string {
  const { url, people } = demo.file;
  const width = Math.max(...people.map((person) => person.email.length));
  return box([
    `Open  ${url}`,
    "",
    ...people.map(
      ({ email, password, role }) => `${role.padEnd(8)} ${email.padEnd(width)}  ${password}`,
    ),
    "",
    "Three things to try",
    "1  As the analyst, open the password spray and follow a claim to the words it rests on.",
    "2  Propose its closure; sign it as the second analyst. Then try to sign your own.",
    "3  As the auditor, take an incident's trail away and run: npm run verify -- FILE",
  ]);
}

async function makeDemo({ url, database }: { url: string; database: Database }): Promise<DemoFile> {
  const owner = createClient(database.ownerUrl, 2);
  try {
    const people: DemoFile["people"] = [];
    for (const person of DEMO_PEOPLE) {
      const password = passphrase();
      await enrolPerson(owner, { ...person, password });
      people.push({ email: person.email, password, role: person.role });
    }
    const sources: DemoFile["sources"] = [];
    for (const source of DEMO_SOURCES) {
      const token = await createDemoSource(owner, source);
      sources.push({ name: source.name, format: source.format, token });
    }
    await configureResponder(owner, SIMULATION, { kind: "system", id: "setup" }, NO_KEY);
    const readToken = await createApiToken(owner, {
      name: "demo reader",
      scopes: ["incidents:read"],
    });
    return {
      url,
      people,
      sources,
      readToken,
      night: { startedAt: lastNight(new Date()).toISOString(), done: false },
    };
  } finally {
    await owner.$disconnect();
  }
}

/** Carries out whatever is signed in the demo, and says each time that nothing happened anywhere. */
const SIMULATION: ConfigureResponderInput = {
  name: "Simulation",
  actions: [...RESPONDER_SERVES.simulated],
  setup: { kind: "simulated", settings: {}, credentials: null },
  replaces: null,
  newToken: false,
};
const NO_KEY = { sealPublicKey: null };

const NIGHT_HOURS = 8;

/** The last 22:00 UTC from which a whole night has passed: the demo is always last night, never tomorrow. */
function lastNight(now: Date): Date {
  const start = new Date(now);
  start.setUTCHours(22, 0, 0, 0);
  while (start.getTime() + NIGHT_HOURS * 3_600_000 > now.getTime()) {
    start.setUTCDate(start.getUTCDate() - 1);
  }
  return start;
}

const WORDS =
  "amber birch cedar delta ember fjord grove heron iris juniper kelp larch maple north otter pine quartz river slate thorn umber vale willow yarrow zinc".split(
    " ",
  );

function passphrase(): string {
  const word = () => WORDS[randomInt(WORDS.length)]!;
  return `${word()}-${word()}-${randomBytes(4).toString("hex")}`;
}

async function readDemoFile(home: string): Promise<DemoFile | null> {
  const text = await readFile(join(home, FILE), "utf8").catch(() => null);
  return text === null ? null : demoSchema.parse(JSON.parse(text));
}

async function writeDemoFile(home: string, file: DemoFile): Promise<void> {
  const path = join(home, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
