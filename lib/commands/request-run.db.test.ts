/** What people and the worker put into the queue of requests to the model. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { activateForTest, signActivation, type ActivatedModel } from "#lib/db/testing-copilot.ts";
import { makeEvidence, makeIncident, makePerson, makeSource } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { finishRunForTest, startRunForTest } from "#lib/db/testing-runs.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import type { Actor } from "./actor.ts";
import { addNote } from "./add-note.ts";
import { queueRepair, queueSummary } from "./queue-summary.ts";
import { QUEUED_MAX, requestRun } from "./request-run.ts";
import { stopModel } from "./stop-model.ts";

let db: TestDatabase;
let model: ActivatedModel;
let ana: Actor & TestPerson;
let bo: Actor & TestPerson;
let sourceId: string;
beforeAll(async () => {
  db = await testDatabase();
  ana = asActor(await makePerson(db, "analyst", "ana"));
  bo = asActor(await makePerson(db, "analyst", "bo"));
  sourceId = (await makeSource(db)).id;
  model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9" });
});
afterAll(() => db.close());

beforeEach(async () => {
  const open = await db.worker.modelRun.findMany({
    where: { state: { in: ["queued", "streaming"] } },
    select: { id: true },
  });
  const over = { worker: null, state: "failed", error: "The test is over." } as const;
  for (const { id: runId } of open) await finishRunForTest(db, { runId, ...over });
});

describe("a person's request", () => {
  test("is queued with its question, prompt and place, and stands on the trail", async () => {
    const incidentId = await openIncident();
    const { runId, ahead } = await ask(incidentId, "Who signed in?");
    expect(ahead).toBe(0);
    const run = await db.web.modelRun.findUniqueOrThrow({
      where: { id: runId },
      include: { promptVersion: { select: { name: true } } },
    });
    expect(run).toMatchObject({
      state: "queued",
      kind: "answer",
      question: "Who signed in?",
      askedBy: ana.id,
      model: "m-1",
      promptVersion: { name: "answer" },
    });
    expect(await lastEntry(incidentId)).toEqual({
      kind: "question.asked",
      payload: { kind: "answer", question: "Who signed in?", run: runId },
    });
  });

  test("asked twice under one key is one request, also at the same time", async () => {
    const incidentId = await openIncident();
    const [summary, answer] = [
      { kind: "summary", incidentId, idem: randomUUID() },
      { kind: "answer", incidentId, question: "Who?", idem: randomUUID() },
    ] as const;
    for (const input of [summary, answer]) {
      const five = Array.from({ length: 5 }, () => requestRun(db.web, input, ana));
      expect(new Set((await Promise.all(five)).map(({ runId }) => runId)).size).toBe(1);
    }
  });

  test("for a summary that waits already is that one", async () => {
    const incidentId = await openIncident();
    const first = await requestRun(
      db.web,
      { kind: "summary", incidentId, idem: randomUUID() },
      ana,
    );
    const second = await requestRun(
      db.web,
      { kind: "summary", incidentId, idem: randomUUID() },
      bo,
    );
    expect(second.runId).toBe(first.runId);
  });

  test("is refused while the person's last question of the incident is open, and only theirs", async () => {
    const incidentId = await openIncident();
    await ask(incidentId, "Who signed in?");
    await expect(ask(incidentId, "And then?")).rejects.toMatchObject({ code: "question_open" });
    expect(await ask(incidentId, "And then?", bo)).toMatchObject({ ahead: 1 });
    expect(await ask(await openIncident(), "And then?")).toMatchObject({ ahead: 2 });
  });

  test("stores no secret that was typed into it", async () => {
    const incidentId = await openIncident();
    const secret = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
    const { runId } = await ask(incidentId, `Was the token ${secret} used?`);
    const run = await db.web.modelRun.findUniqueOrThrow({ where: { id: runId } });
    expect(run.question).toContain("Was the token");
    expect(run.question).not.toContain(secret);
    expect(JSON.stringify(await lastEntry(incidentId))).not.toContain(secret);
  });

  test("stores no password that was put into words", async () => {
    const incidentId = await openIncident();
    const { runId } = await ask(incidentId, "Who knew that the password is hunter2secret?");
    const run = await db.web.modelRun.findUniqueOrThrow({ where: { id: runId } });
    expect(run.question).toBe("Who knew that the password is [secret:password-1]?");
    expect(JSON.stringify(await lastEntry(incidentId))).not.toContain("hunter2secret");
  });

  test("is refused in words when it is too long, or there is no evidence", async () => {
    const incidentId = await openIncident();
    await expect(ask(incidentId, "?".repeat(2_001))).rejects.toMatchObject({ status: 422 });
    const { id: empty } = await makeIncident(db);
    await expect(ask(empty, "Who?")).rejects.toMatchObject({ code: "no_evidence" });
  });

  test("is refused while the model is off", async () => {
    const incidentId = await openIncident();
    await stopModel(db.web, { reason: "Enough." }, asActor(model.admin));
    await expect(ask(incidentId, "Who?")).rejects.toMatchObject({ code: "model_off", status: 409 });
    expect(await queueSummary(db.worker, { incidentId })).toMatchObject({ because: "off" });
    await signActivation(db, model);
    expect(await ask(incidentId, "Who?")).toMatchObject({ ahead: 0 });
  });
});

describe("the worker's own requests", () => {
  test("are one summary for the same evidence, model and prompt", async () => {
    const incidentId = await openIncident();
    const first = await queueSummary(db.worker, { incidentId });
    expect(first).toMatchObject({ runId: expect.any(String) });
    expect(await queueSummary(db.worker, { incidentId })).toEqual({
      runId: null,
      because: "asked_already",
    });
    await makeEvidence(db, { sourceId, incidentId, position: 2 });
    expect(await queueSummary(db.worker, { incidentId })).toMatchObject({
      because: "asked_already",
    });
    await finish(first.runId!);
    expect(await queueSummary(db.worker, { incidentId })).toMatchObject({
      runId: expect.any(String),
    });
  });

  test("wait behind what a person asks", async () => {
    const incidentId = await openIncident();
    await queueSummary(db.worker, { incidentId });
    expect(await ask(incidentId, "Who?")).toMatchObject({ ahead: 0 });
  });

  test("repair a summary once", async () => {
    const incidentId = await openIncident();
    const { runId } = await queueSummary(db.worker, { incidentId });
    await finish(runId!);
    const repair = await queueRepair(db.worker, { runId: runId! });
    expect(repair).toEqual({ runId: expect.any(String) });
    expect(await queueRepair(db.worker, { runId: runId! })).toBeNull();
    await finish(repair!.runId);
    expect(await queueRepair(db.worker, { runId: runId! })).toBeNull();
  });
});

describe("a note from a draft", () => {
  test("is of the draft's kind and names it; the person wrote it", async () => {
    const incidentId = await openIncident();
    const draft = { kind: "handover", incidentId, question: null, idem: randomUUID() } as const;
    const { runId } = await requestRun(db.web, draft, ana);
    const input = { incidentId, text: "For the night shift.", draftRunId: runId };
    await expect(addNote(db.web, input, ana)).rejects.toMatchObject({ code: "draft_unknown" });
    await finish(runId);
    const { id } = await addNote(db.web, input, ana);
    const note = await db.web.note.findUniqueOrThrow({ where: { id } });
    expect(note).toMatchObject({ kind: "handover", draftRunId: runId, personId: ana.id });
  });

  test("cannot come from another incident's draft, nor from an answer", async () => {
    const incidentId = await openIncident();
    const { runId } = await ask(incidentId, "Who?");
    await finish(runId);
    for (const other of [incidentId, await openIncident()]) {
      const note = { incidentId: other, text: "Mine.", draftRunId: runId };
      await expect(addNote(db.web, note, ana)).rejects.toMatchObject({ code: "draft_unknown" });
    }
  });
});

test("a person's request is refused when too many wait already", async () => {
  const incidentId = await openIncident();
  await db.pools.worker.query(
    `insert into model_run (id, kind, incident_id, config_id, prompt_version_id, asked_by, model, state, idem, incident_version, evidence_root)
       select gen_random_uuid(), 'note', $1, $2, (select id from prompt_version where name = 'draft' limit 1), $3, '', 'queued',
         gen_random_uuid()::text, 1, sha256('') from generate_series(1, $4::int)`,
    [incidentId, model.configId, bo.id, QUEUED_MAX],
  );
  await expect(ask(incidentId, "Who?")).rejects.toMatchObject({
    code: "queue_full",
    status: 429,
    details: { headers: { "retry-after": expect.any(String) } },
  });
}, 60_000);

function asActor(person: TestPerson): Actor & TestPerson {
  return { kind: "person", session: null, ...person };
}

function ask(incidentId: string, question: string, by: Actor = ana) {
  return requestRun(db.web, { kind: "answer", incidentId, question, idem: randomUUID() }, by);
}

async function openIncident(): Promise<string> {
  const { id: incidentId } = await makeIncident(db);
  await makeEvidence(db, { sourceId, incidentId, position: 1 });
  return incidentId;
}

async function finish(runId: string): Promise<void> {
  expect(await startRunForTest(db, { runId })).toMatchObject({ started: true });
  await finishRunForTest(db, { runId });
}

async function lastEntry(incidentId: string) {
  const { rows } = await db.pools.auditor.query(
    `select e.kind, convert_from(p.bytes, 'UTF8')::json as payload from trail.entry e join trail.payload p using (seq)
     where e.incident_id = $1 order by seq desc limit 1`,
    [incidentId],
  );
  return rows[0];
}
