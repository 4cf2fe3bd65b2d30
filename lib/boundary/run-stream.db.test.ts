/** The door of a run's events, over real HTTP and from stored rows. */
import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { GET } from "../../app/api/runs/[id]/events/route.ts";
import { sessionCookieName } from "#lib/auth/cookie.ts";
import { readServerEvents, type ServerEvent } from "#lib/browser/event-stream.ts";
import { followRun } from "#lib/browser/follow-run.ts";
import { openSession } from "#lib/commands/open-session.ts";
import { disconnectAll } from "#lib/db/prisma.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { readEventsAfter } from "#lib/queries/run-events.ts";
import { testRuns, type TestRuns } from "./testing-streams.ts";
import { startTestWeb, type Handle, type TestWeb } from "./testing-web.ts";

const SECRET = "a secret of at least thirty-two characters";

let db: TestDatabase;
let runs: TestRuns;
let web: TestWeb;
const leaving = new Set<AbortController>();

const handle: Handle = (request, id) => GET(request, { params: Promise.resolve({ id }) });

beforeAll(async () => {
  db = await testDatabase();
  process.env["DATABASE_URL_WEB"] = db.urls.web;
  process.env["NEXTAUTH_SECRET"] = SECRET;
  process.env["NEXTAUTH_URL"] = "http://localhost:3000";
  runs = await testRuns(db);
  web = await startTestWeb(handle);
});
afterEach(() => {
  for (const one of leaving) one.abort();
  leaving.clear();
});
afterAll(async () => {
  await web.stop();
  await disconnectAll();
  await db.close();
});

/** The cookie of someone who has just signed in. */
async function cookieOf(role: Role): Promise<string> {
  const { id: personId } = await makePerson(db, role, `${role} ${randomUUID()}`);
  const session = { personId, role, address: "127.0.0.1", userAgent: null };
  const { id: sid } = await openSession(db.web, session);
  const token = await encode({ secret: SECRET, token: { sid } });
  return `${sessionCookieName()}=${token}`;
}

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const leave = new AbortController();
  leaving.add(leave);
  return fetch(`${web.url}/api/runs/${path}`, { headers, signal: leave.signal });
}

/** What a reader of this role is told: the status, and for a stream that ends, its events. */
async function read(path: string, headers: Record<string, string>): Promise<ServerEvent[]> {
  const response = await get(path, headers);
  expect(response.status).toBe(200);
  const events: ServerEvent[] = [];
  for await (const event of readServerEvents(response.body!)) events.push(event);
  return events;
}

async function stored(runId: string): Promise<string[]> {
  const texts: string[] = [];
  for (let after = 0; ;) {
    const page = await readEventsAfter(db.web, runId, after, { role: "lead" });
    texts.push(...page!.events.map(({ text }) => text));
    if (!page!.hasMore) return texts;
    after = page!.events.at(-1)!.seq;
  }
}

/** Follows a run as a browser does, until it ends; `onText` is told of each event. */
function follow(runId: string, cookie: string, onText: (text: string) => void = () => undefined) {
  const seen: string[] = [];
  const withCookie: typeof fetch = (url, init) => {
    const path = new URL(url as string).pathname + new URL(url as string).search;
    return fetch(`${web.url}${path}`, { ...init, headers: { cookie } });
  };
  const ended = followRun({
    runId,
    after: 0,
    origin: "http://web",
    fetch: withCookie,
    signal: AbortSignal.timeout(25_000),
    onEvent: (_, text) => {
      seen.push(text);
      onText(text);
    },
  });
  return { seen, ended };
}

test("what is stored comes first, then each event as it is stored, then the end", async () => {
  const { runId } = await runs.summary();
  await runs.claims(runId, 2);
  const cookie = await cookieOf("analyst");
  const reading = read(`${runId}/events`, { cookie });
  await runs.claims(runId, 3);
  await runs.end(runId);
  const events = await reading;
  expect(events.map(({ id, event }) => [id, event])).toEqual([
    ["1", "started"],
    ...[2, 3, 4, 5, 6].map((seq) => [String(seq), "claim"]),
    ["7", "done"],
  ]);
  expect(events.map(({ data }) => data)).toEqual(await stored(runId));
  expect(JSON.parse(events.at(-1)!.data)).toMatchObject({
    data: { state: "finished", reason: null, isComplete: true },
  });
});

test("a reader goes on after the event it names, in the header or the address, and is told when it has all", async () => {
  const { runId } = await runs.summary();
  await runs.claims(runId, 4);
  await runs.end(runId);
  const cookie = await cookieOf("auditor");
  const ids = async (path: string, headers: Record<string, string> = {}) =>
    (await read(path, { cookie, ...headers })).map(({ id }) => Number(id));
  expect(await ids(`${runId}/events?after=3`)).toEqual([4, 5, 6]);
  expect(await ids(`${runId}/events`, { "last-event-id": "4" })).toEqual([5, 6]);
  expect(await ids(`${runId}/events?after=2`, { "last-event-id": "5" })).toEqual([6]);
  expect(await ids(`${runId}/events`, { "last-event-id": "nonsense" })).toHaveLength(6);
  expect((await get(`${runId}/events?after=6`, { cookie })).status).toBe(204);
});

test("a run with more events than one reading takes is read whole", async () => {
  const { runId } = await runs.summary();
  await runs.claims(runId, 420, { isQuiet: true });
  await runs.end(runId);
  const events = await read(`${runId}/events`, { cookie: await cookieOf("lead") });
  expect(events.map(({ id }) => Number(id))).toEqual(
    Array.from({ length: 422 }, (_, at) => at + 1),
  );
});

test("an event whose announcement was lost comes all the same", async () => {
  const { runId } = await runs.summary();
  const { seen, ended } = follow(runId, await cookieOf("analyst"));
  await vi.waitUntil(() => seen.length === 1, { timeout: 5_000 });
  await runs.claims(runId, 1, { isQuiet: true });
  await vi.waitUntil(() => seen.length === 2, { timeout: 8_000 });
  await adminQuery(
    db.adminUrl,
    "select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%' and datname = current_database()",
  );
  await runs.claims(runId, 1);
  await runs.end(runId);
  await ended;
  expect(seen).toEqual(await stored(runId));
});

test("thirty readers of ten runs, each thrown out five times, and a server that starts again: every byte, once", async () => {
  const claims = 25;
  const open = await Promise.all(Array.from({ length: 10 }, () => runs.summary()));
  // three streams a session: one that was thrown out may be counted for a moment beside the one that comes back
  const cookies = await Promise.all(Array.from({ length: 10 }, () => cookieOf("analyst")));
  let thrownOut = 0;
  const readers = open.flatMap(({ runId }, at) =>
    [0, 1, 2].map((n) => {
      const out = new Set([3, 7, 12, 18, 22].map((place) => place + n));
      const reader = follow(runId, cookies[(at + n) % cookies.length]!, (text) => {
        if (out.delete((JSON.parse(text) as { seq: number }).seq)) {
          thrownOut += 1;
          throw new Error("thrown out");
        }
      });
      return { runId, ...reader };
    }),
  );
  const working = Promise.all(
    open.map(async ({ runId }) => {
      await runs.claims(runId, claims);
      await runs.end(runId);
    }),
  );
  await vi.waitUntil(() => thrownOut > 20, { timeout: 10_000 });
  await web.stop();
  web = await startTestWeb(handle, web.port);
  await working;
  await Promise.all(readers.map(({ ended }) => ended));
  for (const { runId, seen } of readers) expect(seen).toEqual(await stored(runId));
  expect(readers[0]!.seen).toHaveLength(claims + 2);
  expect(thrownOut).toBe(30 * 5);
});

test("only those who may read what a run is about are told that it is there", async () => {
  const { runId } = await runs.summary();
  const probe = await runs.probe();
  await runs.end(runId);
  await runs.end(probe);
  const status = async (id: string, role: Role) =>
    (await get(`${id}/events`, { cookie: await cookieOf(role) })).status;
  expect((await get(`${runId}/events`)).status).toBe(401);
  expect((await get(`${runId}/events`, { cookie: "countersign.session=forged" })).status).toBe(401);
  for (const role of ["analyst", "lead", "auditor"] as const)
    expect(await status(runId, role), role).toBe(200);
  expect(await status(runId, "admin")).toBe(404);
  for (const role of ["lead", "admin"] as const) expect(await status(probe, role), role).toBe(200);
  for (const role of ["analyst", "auditor"] as const)
    expect(await status(probe, role), role).toBe(404);
  expect(await status(randomUUID(), "lead")).toBe(404);
  expect(await status("not-an-id", "lead")).toBe(404);
});

test("a session holds five streams, and a reader who leaves gives its place back", async () => {
  const { runId } = await runs.summary();
  const cookie = await cookieOf("lead");
  const open = () => get(`${runId}/events`, { cookie });
  for (let n = 0; n < 5; n += 1) expect((await open()).status).toBe(200);
  const refused = await open();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
  for (const one of leaving) one.abort();
  await vi.waitUntil(async () => (await open()).status === 200, { timeout: 5_000 });
});
