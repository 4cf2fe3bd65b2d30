import { afterAll, beforeAll, expect, test } from "vitest";
import type { PgBoss } from "pg-boss";
import { requestRun } from "#lib/commands/request-run.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { UNUSED } from "#lib/domain/summary/claim.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { runEvents } from "#lib/queries/run-events.ts";
import { FAST, testCopilot, type TestCopilot } from "../testing-model.ts";
import { alertOf, claimOn, testDesk, TITLE, type TestDesk } from "../testing.ts";
import type { RunContext } from "./context.ts";
import { handOutRuns } from "./due.ts";
import { issueAnswer } from "./issue-answer.ts";
import { mendRuns } from "./mend.ts";
import { runModel } from "./run-model.ts";

let db: TestDatabase;
let desk: TestDesk;
let copilot: TestCopilot;
let queue: PgBoss;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
  copilot = await testCopilot(db);
  queue = workerQueue(db.urls.worker);
  queue.on("error", () => undefined);
  await queue.start();
});
afterAll(async () => {
  await queue.stop({ graceful: false });
  await copilot.close();
  await db.close();
});

const good = `"${TITLE}" is an alert on ws-014.`;
const bad = `"${TITLE}" is an alert on ws-999.`;
const runsOf = (incidentId: string) =>
  db.web.modelRun.findMany({ where: { incidentId }, orderBy: { queuedAt: "asc" } });
const spent = async () =>
  (await db.owner.modelBudget.findFirstOrThrow({ where: { scope: "all" } })).spentMicro;
const partial = (id: string): string =>
  JSON.stringify({ claims: [claimOn(id, good), claimOn(id, good)] }).slice(0, -3);

/** A worker that gives no sign of life after `until`, as one that was killed, although its process goes on. */
function deaf(): RunContext {
  return copilot.context({ clocks: { ...FAST, beat: 1_000_000 } });
}
const silence = (runId: string) =>
  db.pools.owner.query(
    "update model_run set heartbeat_at = heartbeat_at - interval '1 hour' where id = $1 and state = 'streaming'",
    [runId],
  );

test("a run whose worker died is ended, charged once, shown as far as stored, and asked again", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) =>
    request.number === 1
      ? { type: "stalled", partial: partial(alertOf(request).id) }
      : { type: "claims", claims: [claimOn(alertOf(request).id, good)] },
  );
  const runId = await copilot.queue(incidentId);
  const shutdown = new AbortController();
  const dead = runModel(runId, { ...deaf(), shutdown: shutdown.signal });
  await expect.poll(() => runEvents(db.web, runId), { timeout: 10_000 }).toHaveLength(2);
  const before = await spent();
  await silence(runId);
  const [one, two] = await Promise.all([mendRuns(copilot.context()), mendRuns(copilot.context())]);
  expect(one.ended + two.ended).toBe(1);
  const [first, second] = await runsOf(incidentId);
  expect(first).toMatchObject({ state: "failed", fault: "worker_lost", costMicro: null });
  expect(await spent()).toBe(before + first!.reservedMicro!);
  expect((await desk.summaries(incidentId)).model).toMatchObject({
    ...{ version: 1, state: "incomplete", claims: [{ text: good }] },
  });
  expect(second).toMatchObject({ state: "queued", attempt: 2 });
  expect(await runModel(second!.id, copilot.context())).toBe("ended");
  // the dead one wakes up: nothing of it is stored any more
  const events = await runEvents(db.web, runId);
  shutdown.abort();
  expect(await dead).toBe("lost");
  expect(await runEvents(db.web, runId)).toEqual(events);
  expect((await desk.summaries(incidentId)).model).toMatchObject({ version: 2, state: "complete" });
  expect((await runsOf(incidentId)).map(({ state }) => state)).toEqual(["failed", "finished"]);
});

test("a run that ended without its summary gets it from what is stored, once", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) => ({
    ...{ type: "claims", claims: [claimOn(alertOf(request).id, good)] },
  }));
  const runId = await copilot.queue(incidentId);
  // as a worker that dies right after the run's last transaction
  await db.pools.owner.query("alter table summary add constraint dead check (false) not valid");
  await expect(runModel(runId, copilot.context())).rejects.toThrow(/dead/);
  await db.pools.owner.query("alter table summary drop constraint dead");
  expect(await runsOf(incidentId)).toMatchObject([{ state: "finished" }]);
  expect((await desk.summaries(incidentId)).model).toBeUndefined();
  const mended = await Promise.all([1, 2, 3].map(() => mendRuns(copilot.context())));
  expect(mended.reduce((sum, { issued }) => sum + issued, 0)).toBe(1);
  expect((await desk.summaries(incidentId)).model).toMatchObject({ version: 1, state: "complete" });
  expect(await mendRuns(copilot.context())).toEqual({ ended: 0, issued: 0 });
});

test("the summary of an earlier run is not issued above that of a later one", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) =>
    request.number === 1
      ? { type: "broken", how: "cut", partial: partial(alertOf(request).id) }
      : { type: "claims", claims: [claimOn(alertOf(request).id, good)] },
  );
  const runId = await copilot.queue(incidentId);
  await db.pools.owner.query("alter table summary add constraint dead check (false) not valid");
  await expect(runModel(runId, copilot.context())).rejects.toThrow(/dead/);
  await db.pools.owner.query("alter table summary drop constraint dead");
  const next = (await runsOf(incidentId)).find(({ state }) => state === "queued");
  await runModel(next!.id, copilot.context());
  expect(await issueAnswer(db.worker, runId)).toBeNull();
  expect(await mendRuns(copilot.context())).toEqual({ ended: 0, issued: 0 });
  expect((await desk.summaries(incidentId)).model).toMatchObject({ version: 1, state: "complete" });
});

test("failed claims go back once; what held and what was mended make the next version", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering(
    (request) => ({
      type: "claims",
      claims:
        request.number === 1
          ? [claimOn(alertOf(request).id, good), claimOn(alertOf(request).id, bad)]
          : [
              claimOn(alertOf(request).id, `The severity of "${TITLE}" is high.`, {
                predicates: [
                  {
                    ...UNUSED,
                    op: "field",
                    evidence: [alertOf(request).id],
                    field: "severity",
                    value: "high",
                  },
                ],
              }),
              claimOn(alertOf(request).id, bad),
            ],
    }),
    { profile: { repairs: true } },
  );
  const { runId } = await copilot.ask(incidentId);
  expect((await desk.summaries(incidentId)).model).toMatchObject({
    version: 1,
    claims: { length: 2 },
  });
  const [, repair] = await runsOf(incidentId);
  expect(repair).toMatchObject({ kind: "repair", repairOf: runId, state: "queued" });
  expect(await runModel(repair!.id, copilot.context())).toBe("ended");
  const second = copilot.fake().requests[1]!;
  expect(second.body.messages).toHaveLength(3);
  const { model: mended } = await desk.summaries(incidentId);
  expect(mended).toMatchObject({ version: 2, state: "complete" });
  expect(mended!.claims.map(({ text }) => text)).toEqual([
    good,
    `The severity of "${TITLE}" is high.`,
    bad,
  ]);
  expect(await runsOf(incidentId)).toHaveLength(2);
  expect(await mendRuns(copilot.context())).toEqual({ ended: 0, issued: 0 });
});

test("new evidence calls off the repair of the summary before", async () => {
  const key = crypto.randomUUID();
  const alert = {
    id: "a",
    kind: "alert",
    time: "2026-03-01T02:14:07Z",
    severity: "high",
    title: TITLE,
  };
  const incidentId = await desk.ingest(key, [{ ...alert, host: "ws-014" }]);
  await copilot.answering(
    (request) => ({ type: "claims", claims: [claimOn(alertOf(request).id, bad)] }),
    { profile: { repairs: true } },
  );
  await copilot.ask(incidentId);
  const [, repair] = await runsOf(incidentId);
  await desk.ingest(key, [{ ...alert, id: "b", host: "ws-015" }]);
  expect(await runModel(repair!.id, copilot.context())).toBe("never");
  expect((await runsOf(incidentId))[1]).toMatchObject({
    ...{ state: "cancelled", error: "More evidence came in; a new summary is written instead." },
  });
});

test("a repair sends nothing again that may not be shown any more", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering(
    (request) => ({ type: "claims", claims: [claimOn(alertOf(request).id, bad)] }),
    { profile: { repairs: true } },
  );
  await copilot.ask(incidentId);
  const [, repair] = await runsOf(incidentId);
  await db.owner.source.updateMany({ data: { sensitivity: "red" } });
  expect(await runModel(repair!.id, copilot.context())).toBe("never");
  await db.owner.source.updateMany({ data: { sensitivity: "amber" } });
  expect((await runsOf(incidentId))[1]).toMatchObject({ state: "cancelled", request: null });
  expect(copilot.fake().requests).toHaveLength(1);
});

test("what may start is handed out by priority as far as the model has room, one place being kept for people", async () => {
  const { configId } = await copilot.answering(
    { type: "claims", claims: [] },
    { profile: { concurrency: 3 } },
  );
  const incidents = [];
  for (let n = 0; n < 4; n += 1) incidents.push(await desk.openIncident());
  const ids: string[] = [];
  for (const incident of incidents) ids.push(await copilot.queue(incident));
  const handedOut = async () => {
    await handOutRuns(db.worker, queue);
    const { rows } = await db.pools.worker.query<{ key: string }>(
      "select singleton_key as key from pgboss.job where name = 'model-run' and state = 'created' order by priority desc, created_on",
    );
    return rows.map(({ key }) => key);
  };
  expect((await handedOut()).toSorted()).toEqual(ids.slice(0, 2).toSorted());
  expect(await handedOut()).toHaveLength(2);
  const waits = await db.web.modelRun.findMany({
    where: { id: { in: ids } },
    orderBy: { queuedAt: "asc" },
    select: { waitsFor: true },
  });
  const full = "As many requests as the model takes are under way.";
  expect(waits.map(({ waitsFor }) => waitsFor)).toEqual([null, null, full, full]);
  const person = await makePerson(db, "analyst", "asker");
  const { runId } = await requestRun(
    db.web,
    {
      ...{ kind: "answer", incidentId: incidents[0]!, question: "Who?", idem: crypto.randomUUID() },
    },
    { kind: "person", session: null, id: person.id, role: "analyst" },
  );
  expect((await handedOut())[0]).toBe(runId);
  await db.pools.owner.query(
    "insert into model_breaker (config_id, state, opened_at, reason, retry_at) values ($1, 'open', now(), 'test', now() + interval '1 hour')",
    [configId],
  );
  expect(await handOutRuns(db.worker, queue)).toBe(0);
});

test("a pause that the provider asked for holds for every request to it", async () => {
  await copilot.answering({
    ...{ type: "error", status: 429, errorType: "rate_limit_error" },
    headers: { "retry-after": "120" },
  });
  const [one, other] = [await desk.openIncident(), await desk.openIncident()];
  await copilot.ask(one);
  const again = (await runsOf(one))[1]!;
  expect(again.notBefore.getTime() - Date.now()).toBeGreaterThan(100_000);
  const waiting = await copilot.queue(other);
  await handOutRuns(db.worker, queue);
  expect(await db.web.modelRun.findUnique({ where: { id: waiting } })).toMatchObject({
    ...{ state: "queued", waitsFor: "The provider asked for a pause." },
  });
});
