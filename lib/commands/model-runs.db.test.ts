/** A run from the queue to its end, by the commands of the worker, and what the switch does to it. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  activateForTest,
  saveForTest,
  signActivation,
  type ActivatedModel,
} from "#lib/db/testing-copilot.ts";
import { makeIncident, makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import {
  RUN_WORKER,
  finishRunForTest,
  noticeForTest,
  queueRunForTest,
  startRunForTest,
} from "#lib/db/testing-runs.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { appendRunEvents } from "./append-run-events.ts";
import { cancelRun } from "./cancel-run.ts";
import { requestEvaluation } from "./record-evaluation.ts";
import { requestRun } from "./request-run.ts";
import { stopModel } from "./stop-model.ts";

let db: TestDatabase;
let model: ActivatedModel;
let ana: TestPerson;
let lea: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  ana = await makePerson(db, "analyst", "ana");
  lea = await makePerson(db, "lead", "lea");
  const profile = { concurrency: 3 };
  model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9", profile });
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

describe("a run", () => {
  test("is queued, started, streamed and finished, with its events in order and its trail", async () => {
    const { id: incidentId } = await makeIncident(db);
    const runId = await queueRunForTest(db, { incidentId, model });
    expect(await startRunForTest(db, { runId })).toEqual({ started: true, attempt: 1 });
    expect(await noticeForTest(db, runId, "First.")).toEqual([2]);
    expect(await noticeForTest(db, runId, "Second.")).toEqual([3]);
    expect(await finishRunForTest(db, { runId, costMicro: 12 })).toEqual({
      finished: true,
      nextRunId: null,
    });
    expect(await eventsOf(runId)).toEqual(["started", "notice", "notice", "done"]);
    const run = await db.web.modelRun.findUniqueOrThrow({ where: { id: runId } });
    expect(run).toMatchObject({
      state: "finished",
      model: "m-1",
      worker: RUN_WORKER,
      costMicro: 12n,
    });
    expect(await trailOf(incidentId)).toEqual(["model_run.started", "model_run.finished"]);
  });

  test("takes no events and no second end once it has ended, nor another worker's", async () => {
    const runId = await started();
    const other = { runId, worker: "another", state: "failed", error: "No." } as const;
    expect(await finishRunForTest(db, other)).toEqual({ finished: false });
    await finishRunForTest(db, { runId });
    expect(await noticeForTest(db, runId, "Late.")).toBeNull();
    expect(await finishRunForTest(db, { runId, worker: null })).toEqual({ finished: false });
  });

  test("holds an event once that was stored a second time because its answer was lost", async () => {
    const runId = await started();
    const events = [{ kind: "notice", data: { sentence: "First." } }] as const;
    const input = { runId, worker: RUN_WORKER, events, after: 1 };
    expect(await appendRunEvents(db.worker, input)).toEqual([2]);
    expect(await appendRunEvents(db.worker, input)).toEqual([2]);
    expect(await appendRunEvents(db.worker, { ...input, after: 2 })).toEqual([3]);
    expect(await eventsOf(runId)).toEqual(["started", "notice", "notice"]);
  });

  test("gives events that come at the same time a place each", async () => {
    const { id: incidentId } = await makeIncident(db);
    const runId = await queueRunForTest(db, { incidentId, model });
    await startRunForTest(db, { runId });
    const sentences = Array.from({ length: 12 }, (_, n) => `Notice ${n + 1}.`);
    const seqs = await Promise.all(sentences.map((one) => noticeForTest(db, runId, one)));
    expect(seqs.flat().toSorted((a, b) => a! - b!)).toEqual(sentences.map((_, n) => n + 2));
    await finishRunForTest(db, { runId });
  });

  test("starts once, whoever tries at the same time", async () => {
    const { id: incidentId } = await makeIncident(db);
    const runId = await queueRunForTest(db, { incidentId, model });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => startRunForTest(db, { runId, worker: `worker-${at}` })),
    );
    expect(answers.filter((answer) => answer.started)).toHaveLength(1);
    expect(
      answers.filter((answer) => "code" in answer && answer.code === "not_queued"),
    ).toHaveLength(9);
  });

  test("waits while another summary of the incident is written, and while the model has enough to do", async () => {
    const { id: incidentId } = await makeIncident(db);
    await started({ incidentId, kind: "summary" });
    const second = await queueRunForTest(db, { incidentId, model });
    expect(await startRunForTest(db, { runId: second })).toMatchObject({ code: "concurrency" });
    await started();
    await started();
    const fourth = await queueRunForTest(db, { incidentId, model, kind: "note" });
    expect(await startRunForTest(db, { runId: fourth })).toMatchObject({
      code: "concurrency",
      sentence: "As many requests as the model takes are under way.",
    });
  });

  test("waits for its time", async () => {
    const { id: incidentId } = await makeIncident(db);
    const columns = { not_before: new Date(Date.now() + 60_000) };
    const runId = await queueRunForTest(db, { incidentId, model, columns });
    expect(await startRunForTest(db, { runId })).toMatchObject({ code: "not_before" });
  });

  test("goes with no prompt that the model was not activated with", async () => {
    const { id: incidentId } = await makeIncident(db);
    const prompts = { ...model.prompts, draft: 77 };
    const runId = await queueRunForTest(db, {
      incidentId,
      model: { ...model, prompts },
      kind: "note",
    });
    expect(await startRunForTest(db, { runId })).toMatchObject({ code: "prompt" });
  });

  test("is lost when its worker gives no sign of life", async () => {
    const runId = await started();
    expect(await lost(30)).not.toContain(runId);
    expect(await beat(runId)).toEqual({ alive: true, stop: false, reason: null });
    expect(await lost(0)).toContain(runId);
    expect(await beat(runId, "another")).toMatchObject({ alive: false, stop: true });
  });
});

describe("the next attempt", () => {
  const FAILED = { state: "failed", fault: "answer", error: "It was cut off." } as const;

  test("is a run of its own with the same question, four in all", async () => {
    const { id: incidentId } = await makeIncident(db);
    let runId = await started({ incidentId, kind: "answer", askedBy: ana.id });
    for (const attempt of [2, 3, 4]) {
      const retry = { afterSeconds: 0 };
      const ended = await finishRunForTest(db, { runId, ...FAILED, retry });
      runId = (ended as { nextRunId: string }).nextRunId;
      const run = await db.web.modelRun.findUniqueOrThrow({ where: { id: runId } });
      expect(run).toMatchObject({ attempt, state: "queued", askedBy: ana.id, kind: "answer" });
      expect(await startRunForTest(db, { runId })).toEqual({ started: true, attempt });
    }
    const last = await finishRunForTest(db, { runId, ...FAILED, retry: { afterSeconds: 0 } });
    expect(last).toEqual({ finished: true, nextRunId: null });
  });

  test("waits longer each time when nobody says how long", async () => {
    const runId = await started();
    const retry = { afterSeconds: null };
    const ended = await finishRunForTest(db, { runId, ...FAILED, retry });
    const { nextRunId } = ended as { nextRunId: string };
    const run = await db.web.modelRun.findUniqueOrThrow({ where: { id: nextRunId } });
    const seconds = (run.notBefore.getTime() - run.queuedAt.getTime()) / 1_000;
    expect(seconds).toBeGreaterThan(3.9);
    expect(seconds).toBeLessThan(6.1);
  });

  test("is not queued for someone who has left", async () => {
    const gone = await makePerson(db, "analyst", "gone");
    const { id: incidentId } = await makeIncident(db);
    const runId = await started({ incidentId, kind: "answer", askedBy: gone.id });
    await db.pools.owner.query("update person set active = false where id = $1", [gone.id]);
    const ended = await finishRunForTest(db, { runId, ...FAILED, retry: { afterSeconds: 0 } });
    expect(ended).toEqual({ finished: true, nextRunId: null });
  });
});

describe("cancelling", () => {
  test("ends a run that waits, with a last event and an entry that names who", async () => {
    const { id: incidentId } = await makeIncident(db);
    const runId = await queueRunForTest(db, { incidentId, model, kind: "answer", askedBy: ana.id });
    const done = await cancelRun(db.web, { runId }, person(lea));
    expect(done).toEqual({ cancelled: true, state: "cancelled", isStopping: false });
    expect(await eventsOf(runId)).toEqual(["done"]);
    expect(await trailOf(incidentId)).toEqual(["run.cancelled"]);
    expect(await startRunForTest(db, { runId })).toMatchObject({ code: "not_queued" });
    expect(await cancelRun(db.web, { runId }, person(lea))).toMatchObject({ state: "cancelled" });
  });

  test("asks the worker of a running one to stop", async () => {
    const runId = await started();
    const asked = await cancelRun(db.web, { runId }, person(ana));
    expect(asked).toEqual({ cancelled: true, state: "streaming", isStopping: true });
    expect(await beat(runId)).toEqual({ alive: true, stop: true, reason: "It was cancelled." });
  });

  test("is not for an auditor, and leaves an ended run as it is", async () => {
    const aud = await makePerson(db, "auditor", "aud");
    const runId = await started();
    await expect(cancelRun(db.web, { runId }, person(aud))).rejects.toMatchObject({
      code: "role_too_low",
    });
    await finishRunForTest(db, { runId });
    expect(await cancelRun(db.web, { runId }, person(ana))).toMatchObject({ state: "finished" });
    await expect(cancelRun(db.web, { runId: randomUUID() }, person(ana))).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("the switch", () => {
  test("stops what runs at its next sign of life, and what waits; on again it goes on", async () => {
    const running = await started();
    const { id: incidentId } = await makeIncident(db);
    const waiting = await queueRunForTest(db, { incidentId, model });
    await stopModel(db.web, { reason: "It leaks." }, person(lea));
    expect(await beat(running)).toEqual({
      alive: true,
      stop: true,
      reason: "The model was switched off.",
    });
    expect(await startRunForTest(db, { runId: waiting })).toMatchObject({
      code: "off",
      sentence: "The model is switched off.",
    });
    await signActivation(db, model);
    expect(await beat(running)).toMatchObject({ stop: true });
    expect(await startRunForTest(db, { runId: waiting })).toMatchObject({ started: true });
  });

  test("lets nothing but the model in force answer", async () => {
    const configId = await saveForTest(
      db,
      { model: "m-2", baseUrl: "http://127.0.0.1:9" },
      model.admin,
    );
    const { id: incidentId } = await makeIncident(db);
    const runId = await queueRunForTest(db, { incidentId, model: { ...model, configId } });
    expect(await startRunForTest(db, { runId })).toMatchObject({ code: "off" });
    await db.worker.modelRun.update({ where: { id: runId }, data: { configId: model.configId } });
    expect(await startRunForTest(db, { runId })).toMatchObject({ started: true });
    const run = await db.web.modelRun.findUniqueOrThrow({ where: { id: runId } });
    expect(run.model).toBe("m-1");
  });

  test("off, it lets through a probe and an evaluation that an admin asks for after it, and none from before", async () => {
    const admin = { kind: "person", session: null, id: model.admin.id, role: "admin" } as const;
    const before = await probe(admin);
    const early = await evaluationRun(admin);
    await stopModel(db.web, { reason: "It leaks." }, admin);
    expect(await startRunForTest(db, { runId: before })).toMatchObject({ code: "off" });
    expect(await startRunForTest(db, { runId: early })).toMatchObject({ code: "off" });
    expect(await startRunForTest(db, { runId: await probe(person(lea)) })).toMatchObject({
      code: "off",
    });
    expect(await startRunForTest(db, { runId: await probe(admin) })).toMatchObject({
      started: true,
    });
    expect(await startRunForTest(db, { runId: await evaluationRun(admin) })).toMatchObject({
      started: true,
    });
    await signActivation(db, model);
  });

  test("stopped twice, it is stopped once", async () => {
    const first = await stopModel(db.web, { reason: "It leaks." }, person(lea));
    const second = await stopModel(db.web, { reason: "It still does." }, person(lea));
    expect(second).toEqual(first);
    await signActivation(db, model);
  });
});

type By = {
  kind: "person";
  session: null;
  id: string;
  role: "analyst" | "lead" | "admin" | "auditor";
};

function person({ id, role }: TestPerson): By {
  return { kind: "person", session: null, id, role };
}

async function probe(by: By): Promise<string> {
  const input = { kind: "probe", configId: model.configId, idem: randomUUID() } as const;
  return (await requestRun(db.web, input, by)).runId;
}

async function evaluationRun(by: By): Promise<string> {
  await db.worker.evaluation.updateMany({
    where: { state: { in: ["queued", "running"] } },
    data: { state: "failed", error: "The test is over." },
  });
  const { configId, prompts } = model;
  const input = { configId, prompts, suite: "suite/1", idem: randomUUID() };
  const { evaluationId } = await requestEvaluation(db.web, input, by);
  const prompt = await db.web.promptVersion.findFirstOrThrow({ select: { id: true } });
  const columns = { evaluation_id: evaluationId, prompt_version_id: prompt.id };
  return queueRunForTest(db, { incidentId: null, model, kind: "evaluation", columns });
}

async function started(
  of: { incidentId?: string; kind?: "summary" | "answer" | "note"; askedBy?: string } = {},
): Promise<string> {
  const incidentId = of.incidentId ?? (await makeIncident(db)).id;
  const runId = await queueRunForTest(db, { model, kind: "note", ...of, incidentId });
  expect(await startRunForTest(db, { runId })).toMatchObject({ started: true });
  return runId;
}

async function beat(runId: string, worker = RUN_WORKER) {
  const { rows } = await db.pools.worker.query("select gate.beat_run($1, $2) as answer", [
    runId,
    worker,
  ]);
  return rows[0].answer;
}

async function lost(seconds: number): Promise<string[]> {
  const { rows } = await db.pools.worker.query("select gate.lost_runs($1) as id", [seconds]);
  return rows.map(({ id }) => id);
}

async function eventsOf(runId: string): Promise<string[]> {
  const events = await db.web.runEvent.findMany({ where: { runId }, orderBy: { seq: "asc" } });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ kind }) => kind);
}

async function trailOf(incidentId: string): Promise<string[]> {
  const { rows } = await db.pools.auditor.query(
    "select kind from trail.entry where incident_id = $1 order by seq",
    [incidentId],
  );
  return rows.map(({ kind }) => kind);
}
