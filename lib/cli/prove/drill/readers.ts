/** Readers of runs as browsers are, over connections that break. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { FakeModel } from "#e2e/fake-model/server.ts";
import { followRun } from "#lib/browser/follow-run.ts";
import type { RunEvent } from "#lib/contracts/copilot-views.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { readEventsAfter } from "#lib/queries/run-events.ts";
import { READERS } from "./desk.ts";
import { seededRandom } from "./wait.ts";

export type ReadRun = {
  runId: string;
  events: number;
  cuts: number;
  isEqual: boolean;
  /** When each claim came in, by its ordinal; milliseconds since 1970. */
  claimAt: Map<number, number>;
};
export type ReadOptions = {
  ports: number[];
  runs: number;
  cuts: number;
  readers: number;
  seed: number;
  seconds: number;
};

const LOOK_MS = 50;
/** A connection is cut after at most so many bytes: within an event, between two, or before the first. */
const CUT_BYTES = 1500;

/** Reads this many model summaries as they are queued, so many at a time, each from its first event to its last. */
export async function readRuns(db: TestDatabase, options: ReadOptions): Promise<ReadRun[]> {
  const random = seededRandom(options.seed);
  const signal = AbortSignal.timeout(options.seconds * 1000);
  const taken = new Set<string>();
  const waiting: string[] = [];
  const results: ReadRun[] = [];

  async function next(): Promise<string | null> {
    for (
      ;
      taken.size < options.runs || waiting.length > 0;
      await pause(LOOK_MS, undefined, { signal })
    ) {
      const known = waiting.shift();
      if (known) return known;
      for (const runId of await newRuns(db, taken, options.runs)) waiting.push(runId);
    }
    return null;
  }

  async function reader(_: unknown, number: number): Promise<void> {
    for (let runId = await next(); runId !== null; runId = await next())
      results.push(await readOne(db, runId, { ...options, reader: number, random, signal }));
  }
  await Promise.all(Array.from({ length: options.readers }, reader));
  return results;
}

async function newRuns(db: TestDatabase, taken: Set<string>, most: number): Promise<string[]> {
  const { rows } = await db.pools.owner.query<{ id: string }>(
    "select id from model_run where kind = 'summary' and attempt = 1 order by queued_at, id limit $1",
    [most],
  );
  const fresh = rows.map(({ id }) => id).filter((id) => !taken.has(id));
  for (const id of fresh) taken.add(id);
  return fresh;
}

type OneOptions = ReadOptions & { reader: number; random: () => number; signal: AbortSignal };

async function readOne(db: TestDatabase, runId: string, options: OneOptions): Promise<ReadRun> {
  const seen: string[] = [];
  const claimAt = new Map<number, number>();
  const line = cutConnections(options);
  await followRun({
    runId,
    after: 0,
    origin: "http://web",
    fetch: line.fetch,
    signal: options.signal,
    onEvent: (event: RunEvent, text) => {
      seen.push(text);
      if (event.kind === "claim")
        claimAt.set(event.data.ordinal, performance.timeOrigin + performance.now());
    },
  });
  const stored = await storedEvents(db, runId);
  const isEqual = seen.length > 1 && seen.join("\n") === stored.join("\n");
  return { runId, events: seen.length, cuts: line.cuts(), isEqual, claimAt };
}

/** A fetch that takes any of the web processes, and whose first connections break after a few bytes. */
function cutConnections({ ports, cuts, reader, random }: OneOptions) {
  const headers = { "x-reader": String(reader % READERS) };
  let done = 0;
  const get: typeof fetch = async (address, init) => {
    const { pathname, search } = new URL(address as string);
    const port = ports[Math.floor(random() * ports.length)]!;
    const leave = new AbortController();
    init?.signal?.addEventListener("abort", () => leave.abort(), { once: true });
    const signal = leave.signal;
    const url = `http://127.0.0.1:${port}${pathname}${search}`;
    const response = await fetch(url, { ...init, headers, signal });
    if (done >= cuts || response.status !== 200 || !response.body) return response;
    let left = Math.floor(random() * CUT_BYTES);
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        controller.enqueue(bytes.subarray(0, left));
        left -= bytes.length;
        if (left > 0) return;
        done += 1;
        leave.abort();
        controller.error(new Error("cut"));
      },
    });
    return new Response(response.body.pipeThrough(cut), { status: 200 });
  };
  return { fetch: get, cuts: () => done };
}

async function storedEvents(db: TestDatabase, runId: string): Promise<string[]> {
  const texts: string[] = [];
  for (let after = 0; ;) {
    const page = await readEventsAfter(db.web, runId, after, { role: "lead" });
    texts.push(...(page?.events ?? []).map(({ text }) => text));
    if (!page?.hasMore) return texts;
    after = page.events.at(-1)!.seq;
  }
}

/** From the end of each claim on the model's wire to its event in the reader's hands, in ms. */
export async function latenciesOf(
  db: TestDatabase,
  fake: FakeModel,
  read: ReadRun[],
): Promise<number[]> {
  const { rows } = await db.pools.owner.query<{ id: string; digest: string }>(
    "select id, encode(request_sha256, 'hex') as digest from model_run where request is not null",
  );
  const digests = new Map(rows.map(({ id, digest }) => [id, digest]));
  const ends = new Map(
    fake.requests.map(({ text, claimEndedAt }) => [
      createHash("sha256").update(text).digest("hex"),
      claimEndedAt,
    ]),
  );
  return read.flatMap(({ runId, claimAt }) => {
    const wire = ends.get(digests.get(runId) ?? "") ?? [];
    return wire.flatMap((at, ordinal) => {
      const came = claimAt.get(ordinal);
      return came === undefined ? [] : [came - at];
    });
  });
}
