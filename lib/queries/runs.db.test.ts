import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testRuns, type TestRuns } from "#lib/boundary/testing-streams.ts";
import { addNote } from "#lib/commands/add-note.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { stopModel } from "#lib/commands/stop-model.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { makeIncident, makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { findRun } from "./find-run.ts";
import { incidentRuns } from "./incident-runs.ts";
import { listRuns } from "./list-runs.ts";
import { modelState } from "./model-state.ts";
import { runEvents } from "./run-events.ts";

let db: TestDatabase;
let runs: TestRuns;
let ana: TestPerson;

beforeAll(async () => {
  db = await testDatabase();
  runs = await testRuns(db);
  ana = await makePerson(db, "analyst", "Ana");
});
afterAll(() => db.close());

const by = () => ({ kind: "person", session: null, id: ana.id, role: "analyst" }) as const;

type AskedKind = "answer" | "note" | "handover";

async function ask(kind: AskedKind, incidentId: string, question = "") {
  const input = { kind, incidentId, question, idem: randomUUID() };
  return (await requestRun(db.web, input, by())).runId;
}

test("a run is shown as it was: what was sent, what came back, what it cost, what was verified", async () => {
  const { runId, incidentId } = await runs.summary();
  await runs.claims(runId, 2);
  await runs.end(runId);
  const run = await findRun(db.web, runId);
  expect(run).toMatchObject({
    kind: "summary",
    state: "finished",
    incident: { id: incidentId, number: expect.stringMatching(/^INC-/) as string },
    model: "m-1",
    config: { version: 1 },
    askedBy: null,
    prompt: { name: "summarise", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    attempt: 1,
    request: `{"asked":"${runId}"}`,
    requestSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    costMicro: 5,
    reservedMicro: 10,
    canary: "kept",
    ahead: null,
    waitsFor: null,
  });
  expect(run!.claims.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
  expect((await runEvents(db.web, runId)).map(({ kind }) => kind)).toEqual([
    "started",
    "claim",
    "claim",
    "done",
  ]);
  expect(await findRun(db.web, randomUUID())).toBeNull();
  expect(await findRun(db.web, "no id")).toBeNull();
});

test("a waiting run says how many come before it and has not started", async () => {
  const { incidentId } = await runs.summary();
  const before = (await listRuns(db.web, { states: ["queued"], cursor: null, limit: 100 })).runs;
  const first = await ask("note", incidentId);
  const second = await ask("answer", incidentId, "Who was it?");
  const row = await findRun(db.web, second);
  expect(row).toMatchObject({
    state: "queued",
    question: "Who was it?",
    askedBy: { id: ana.id, name: "Ana", role: "analyst" },
    ahead: before.length + 1,
    startedAt: null,
    request: null,
    costMicro: null,
  });
  expect((await findRun(db.web, first))!.ahead).toBe(before.length);
});

test("the list goes back in time, page after page, each run once, and takes only what is asked for", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(db.web, { cursor, limit: 2 });
    seen.push(...page.runs.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength(await db.web.modelRun.count());
  const kinds: RunKind[] = ["answer"];
  const { runs: answers } = await listRuns(db.web, { kinds, cursor: null, limit: 50 });
  expect(answers.map(({ kind }) => kind)).toEqual(["answer"]);
  const { id: incidentId } = await makeIncident(db);
  expect((await listRuns(db.web, { incidentId, cursor: null, limit: 5 })).runs).toEqual([]);
  await expect(listRuns(db.web, { cursor: "bm90IG9uZQ", limit: 5 })).rejects.toMatchObject({
    code: "cursor_invalid",
  });
});

test("an incident shows its open runs, its answers and drafts, and what a person made of a draft", async () => {
  const { incidentId, runId } = await runs.summary();
  const draft = await ask("handover", incidentId);
  const view = await incidentRuns(db.web, incidentId);
  expect(view.open.map(({ id, state }) => [id, state])).toEqual([
    [runId, "streaming"],
    [draft, "queued"],
  ]);
  expect(view.asked).toMatchObject([{ id: draft, kind: "handover", claims: [], sentAs: null }]);
  await db.pools.web.query("select gate.cancel_run($1, $2)", [draft, ana.id]);
  await addNote(db.web, { incidentId, text: "All quiet.", draftRunId: draft }, by());
  const after = await incidentRuns(db.web, incidentId);
  expect(after.open.map(({ id }) => id)).toEqual([runId]);
  expect(after.asked[0]).toMatchObject({
    state: "cancelled",
    error: "Ana cancelled it before it was sent.",
    sentAs: { person: { name: "Ana" } },
  });
});

test("whether a model is asked now is said in a sentence", async () => {
  expect(await modelState(db.web)).toMatchObject({ isOn: true });
  await db.pools.owner.query(
    `insert into model_breaker (config_id, state, opened_at, retry_at, reason) values ($1, 'open', now(), '2030-01-01T10:20:00Z', 'The provider is overloaded.')
     on conflict (config_id) do update set state = 'open', opened_at = now(), retry_at = excluded.retry_at, reason = excluded.reason`,
    [runs.model.configId],
  );
  expect(await modelState(db.web)).toMatchObject({
    isOn: false,
    sentence: expect.stringMatching(/overloaded\. It is tried again at 10:20 UTC/) as string,
  });
  const { admin } = runs.model;
  await stopModel(
    db.web,
    { reason: "Enough." },
    { kind: "person", session: null, id: admin.id, role: "admin" },
  );
  expect(await modelState(db.web)).toMatchObject({
    isOn: false,
    name: null,
    sentence: expect.stringMatching(/switched off/) as string,
  });
});
