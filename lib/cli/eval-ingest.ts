/** Every JSON file of the sample data through a real Countersign: nothing lost, and what its summaries are worth. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { removeEmbedded } from "#lib/db/embedded-place.ts";
import { createClient } from "#lib/db/prisma.ts";
import type { Db } from "#lib/db/prisma.ts";
import { ownerUrl } from "#lib/db/provision.ts";
import { createDemoSource } from "#lib/db/seed-sources.ts";
import type { SourceFormat } from "#lib/domain/evidence/record.ts";
import { startCountersign } from "#e2e/supervisor.ts";
import { checkClaims, incidentStates } from "./eval/claims.ts";
import {
  byteFigures,
  claimFigures,
  groupFigures,
  repeatFigure,
  summaryTimes,
} from "./eval/ingest-figures.ts";
import { postFile } from "./eval/post-files.ts";
import type { Answer, Posted } from "./eval/post-files.ts";
import { checkBytes } from "./eval/raw-bytes.ts";
import { readSampleFiles } from "./eval/sample-files.ts";
import type { SampleFile } from "./eval/sample-files.ts";
import type { Figure } from "./figures.ts";
import { say, step } from "./progress.ts";
import { runningAdminUrl } from "./running.ts";

const POLL_MS = 500;
/** Whatever the operator has set: a database of its own, and rules alone. */
const ALONE = { DATABASE_URL: "", ANTHROPIC_API_KEY: "", ANTHROPIC_BASE_URL: "" };
/** A worker that wrote no summary for so long will write none. */
const STALLED_MS = 180_000;

/** `folder` holds MANIFEST.json. Starts Countersign in a scratch folder and leaves nothing behind. */
export async function evalIngest(folder: string, short: boolean): Promise<Figure[]> {
  const files = await step("Sample files", () => readSampleFiles(folder, short));
  const home = await mkdtemp(join(tmpdir(), "countersign-eval-"));
  try {
    return await inCountersign(home, (owner, url) => measure(owner, url, files));
  } catch (error) {
    for (const name of ["web", "worker"]) say(await lastLines(join(home, "logs", `${name}.log`)));
    throw error;
  } finally {
    await removeEmbedded(join(home, "postgres"));
    await rm(home, { recursive: true, force: true });
  }
}

async function inCountersign<T>(
  home: string,
  run: (owner: Db, url: string) => Promise<T>,
): Promise<T> {
  const running = await step("Countersign", () =>
    startCountersign({ home, args: ["--no-demo"], env: ALONE }),
  );
  const owner = createClient(ownerUrl(await runningAdminUrl(home)), 4);
  try {
    return await run(owner, running.url);
  } finally {
    await owner.$disconnect();
    await running.stop();
  }
}

async function measure(owner: Db, url: string, files: SampleFile[]): Promise<Figure[]> {
  const tokens = await makeSources(owner, files);
  const tokenOf = (file: SampleFile) => tokens.get(file.format)!;
  const posted: Posted[] = [];
  await step("Files through POST /api/alerts", async () => {
    for (const file of files)
      posted.push({ file, answer: await postFile(url, tokenOf(file), file) });
  });
  await step("Summaries", (note) => untilSummarised(owner, note));
  const times = await summaryTimes(owner);
  const bytes = await step("Bytes", () => checkBytes(owner, files));
  const claims = await step("Claims, verified again", () => checkClaims(owner));
  const repeats = await step("The same files again", () => postAgain(url, files, tokenOf));
  return [
    ...groupFigures("named", posted),
    ...groupFigures("other", posted),
    ...byteFigures(bytes, posted),
    ...claimFigures(claims, times),
    repeatFigure(repeats),
  ];
}

async function makeSources(owner: Db, files: SampleFile[]): Promise<Map<SourceFormat, string>> {
  const tokens = new Map<SourceFormat, string>();
  for (const { format } of files) {
    if (tokens.has(format)) continue;
    tokens.set(
      format,
      await createDemoSource(owner, { name: `eval ${format}`, format, sensitivity: "clear" }),
    );
  }
  return tokens;
}

/** Until every incident has a summary over its evidence as it stands, or none was written for long. */
async function untilSummarised(owner: Db, note: (text: string) => void): Promise<void> {
  let lastAt = performance.now();
  let before = -1;
  for (;;) {
    const states = await incidentStates(owner);
    const left = states.filter(({ summaryId }) => summaryId === null);
    if (left.length === 0) return;
    if (left.length !== before) {
      note(`${states.length - left.length} of ${states.length}`);
      lastAt = performance.now();
      before = left.length;
    }
    if (performance.now() - lastAt > STALLED_MS) return;
    await pause(POLL_MS);
  }
}

/** The smallest file with a record of each format, posted once more. */
async function postAgain(
  url: string,
  files: SampleFile[],
  tokenOf: (file: SampleFile) => string,
): Promise<Posted[]> {
  const smallest = new Map<SourceFormat, SampleFile>();
  for (const file of files) {
    const known = smallest.get(file.format);
    if (file.records > 0 && (!known || file.bytes.length < known.bytes.length))
      smallest.set(file.format, file);
  }
  const answers: { file: SampleFile; answer: Answer }[] = [];
  for (const file of smallest.values())
    answers.push({ file, answer: await postFile(url, tokenOf(file), file) });
  return answers;
}

async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-15).join("\n");
}
