import { UNUSED } from "#lib/domain/summary/claim.ts";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shownRecords } from "#e2e/fake-model/claims-from-evidence.ts";
import { LATEST } from "#lib/copilot/prompts/published.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { runEvents } from "#lib/queries/run-events.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { MODEL, testCopilot, type TestCopilot } from "../testing-model.ts";
import { alertOf, claimOn, FAILURES, testDesk, TITLE, type TestDesk } from "../testing.ts";

let db: TestDatabase;
let desk: TestDesk;
let copilot: TestCopilot;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
  copilot = await testCopilot(db);
});
afterAll(async () => {
  await copilot.close();
  await db.close();
});

const runOf = (id: string) => db.web.modelRun.findUniqueOrThrow({ where: { id } });

test("the request is on record before it is sent, byte for byte, with its cost held back", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering(async (request) => {
    const run = await db.web.modelRun.findFirstOrThrow({ where: { incidentId } });
    expect(run).toMatchObject({ state: "streaming", request: request.text, response: null });
    expect(Buffer.from(run.requestSha256!).equals(sha256(request.text))).toBe(true);
    expect(run.reservedMicro).toBeGreaterThan(0n);
    expect((await desk.trailKinds(incidentId)).at(-1)).toBe("model_run.started");
    expect((await desk.summaries(incidentId)).model).toBeUndefined();
    return {
      type: "claims",
      claims: [claimOn(alertOf(request).id, `"${TITLE}" is an alert on ws-014.`)],
    };
  });
  const { runId, took } = await copilot.ask(incidentId);
  expect(took).toBe("ended");
  const run = await runOf(runId);
  expect(run).toMatchObject({
    ...{ state: "finished", stopReason: "end_turn", requestId: "req_fake", error: null },
    ...{ fault: null, canaryResult: "kept", modelAnswered: MODEL, verifier: "2" },
    ...{ evidenceCount: FAILURES + 1, leftOut: { alerts: 0, events: 0, withheld: 0 } },
  });
  expect(run.response).toContain("event: message_stop");
  expect(run.costMicro).toBeGreaterThan(0n);
  expect(run.costMicro).toBeLessThan(run.reservedMicro!);
  expect((await desk.trailKinds(incidentId)).slice(-3)).toEqual([
    "model_run.started",
    "model_run.finished",
    "summary.issued",
  ]);
  expect((await desk.summaries(incidentId)).model).toMatchObject({ state: "complete" });
});

test("good claims match the evidence; a made-up host, a wrong count and a quote that is not there do not", async () => {
  const incidentId = await desk.openIncident();
  const where = "outcome=failure & host=ws-014";
  await copilot.answering((request) => {
    const { id } = alertOf(request);
    const event = shownRecords(request).find(({ kind }) => kind === "event")!;
    const count = (n: number) => ({
      ...claimOn(event.id, `${n} events on ws-014 have the outcome failure.`),
      kind: "count",
      citations: [{ id: event.id, quote: "ws-014" }],
      predicates: [{ ...UNUSED, op: "count", where, cmp: "eq", n }],
    });
    const made = `"${TITLE}" is an alert on ws-014.`;
    return {
      type: "claims",
      claims: [
        claimOn(id, made),
        count(FAILURES),
        claimOn(id, `"${TITLE}" is an alert on ws-999.`),
        count(FAILURES + 4),
        claimOn(id, made, { citations: [{ id, quote: "these words stand nowhere" }] }),
        claimOn("E999", made),
      ],
    };
  });
  const { runId } = await copilot.ask(incidentId);
  const { model: summary } = await desk.summaries(incidentId);
  expect(summary).toMatchObject({
    ...{ state: "complete", generator: MODEL, notMentioned: [] },
    promptVersion: `summarise/${LATEST.summarise}`,
  });
  const standings = summary!.claims.map(({ standing }) => standing);
  expect(standings.slice(0, 2)).toEqual(["supported", "supported"]);
  expect(["unsupported", "contradicted"]).toContain(standings[2]);
  expect(standings.slice(3)).toEqual(["contradicted", "unsupported", "unsupported"]);
  expect(summary!.claims[0]!.citations[0]).toMatchObject({
    ...{ label: "E1", quote: TITLE, start: expect.any(Number) as number },
  });
  expect(summary!.claims[4]!.citations[0]).toMatchObject({ start: null, end: null });
  expect(summary!.claims[5]!.citations[0]).toMatchObject({ label: "E999", evidenceId: null });
  const incident = await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  expect(incident.summaryStanding).toBe("contradicted");
  const events = await runEvents(db.web, runId);
  expect(events.map(({ kind }) => kind)).toEqual([
    "started",
    ...standings.map(() => "claim"),
    "done",
  ]);
  expect(events.flatMap((event) => (event.kind === "claim" ? event.data.standing : []))).toEqual(
    standings,
  );
});

test("each claim is stored and can be read before the next one is on the wire", async () => {
  const incidentId = await desk.openIncident();
  const seen: number[] = [];
  await copilot.answering((request) => ({
    type: "claims",
    claims: Array.from({ length: 4 }, (_, n) => claimOn(alertOf(request).id, `Claim ${n}.`)),
    ...{ chunkChars: 120, chunkDelayMs: 40 },
  }));
  const runId = await copilot.queue(incidentId);
  const asked = copilot.context();
  const { runModel } = await import("./run-model.ts");
  const ended = runModel(runId, asked);
  await expect
    .poll(
      async () => {
        const [events, { state }] = await Promise.all([runEvents(db.web, runId), runOf(runId)]);
        if (state === "streaming") seen.push(events.filter(({ kind }) => kind === "claim").length);
        return state;
      },
      { interval: 10, timeout: 10_000 },
    )
    .toBe("finished");
  await ended;
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBeGreaterThan(2);
});

test("a high alert that the model passes over is listed", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering({ type: "claims", claims: [] });
  await copilot.ask(incidentId);
  expect((await desk.summaries(incidentId)).model?.notMentioned).toMatchObject([
    { label: "E1", title: TITLE, severity: "high" },
  ]);
});

test("characters that a database cannot keep, in evidence and answer, change nothing", async () => {
  const incidentId = await desk.ingest(randomUUID(), [
    {
      ...{ id: randomUUID(), kind: "alert", time: "2026-03-01T02:14:07Z", severity: "high" },
      ...{ title: "NUL \u0000 alert", host: "ws-\u0000" },
    },
  ]);
  await copilot.answering({
    type: "text",
    text: '{"claims":[{"text":"a\\u0000b \\ud800","kind":"observation","polarity":"affirmed","citations":[{"id":"E1","quote":"\\u0000\\ud800 xx"}],"predicates":[]}]}',
  });
  expect((await copilot.ask(incidentId)).took).toBe("ended");
  expect((await desk.summaries(incidentId)).model?.claims).toHaveLength(1);
});

test("everything the runs wrote stands on a trail that verifies", async () => {
  const lines: string[] = [];
  for await (const line of exportTrail(db.auditor)) lines.push(line.trimEnd());
  expect(await verifyLines(lines)).toMatchObject({ scope: "log", holds: true });
});
