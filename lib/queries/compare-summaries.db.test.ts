import { afterAll, beforeAll, expect, test } from "vitest";
import { addNote } from "#lib/commands/add-note.ts";
import { appendRunEvents } from "#lib/commands/append-run-events.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { at, ingest } from "#lib/commands/ingest-fixtures.ts";
import { issueModelSummary, issueRulesSummary } from "#lib/commands/issue-summary.ts";
import type { IssuedClaim } from "#lib/commands/issue-summary.ts";
import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import { activateForTest } from "#lib/db/testing-copilot.ts";
import type { ActivatedModel } from "#lib/db/testing-copilot.ts";
import {
  finishRunForTest,
  queueRunForTest,
  RUN_WORKER,
  startRunForTest,
} from "#lib/db/testing-runs.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { compareSummaries, listSummaryVersions } from "./compare-summaries.ts";
import { findIncident } from "./find-incident.ts";
import { listSummaries } from "./list-summaries.ts";
import { listThread } from "./list-thread.ts";
import { deskWorld } from "./queries-fixtures.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: Actor;
let caseId: string;
let model: ActivatedModel;
const worker: Actor = { kind: "system", id: "worker" };

beforeAll(async () => {
  ({ database, source, ana, caseId } = await deskWorld());
  model = await activateForTest(database, { model: "m", baseUrl: "http://127.0.0.1:9" });
});
afterAll(() => database.close());

function claim(text: string, standing: IssuedClaim["standing"]): IssuedClaim {
  const nothing = { citations: [], predicates: [], checks: [], resolved: [], uncovered: [] };
  return { ...nothing, text, kind: "observation", polarity: "affirmed", standing, front: true };
}

/** Issues a summary of the incident as it stands; the model's from a run that cost something. */
async function issue(origin: "rules" | "model", claims: IssuedClaim[]): Promise<string> {
  const head = await findIncident(database.web, caseId);
  const about = {
    incidentId: caseId,
    generator: origin === "rules" ? `rules/${claims.length}` : "m-1",
    claims,
    evidenceRoot: Buffer.from(head!.evidenceRoot, "hex"),
    evidenceCount: head!.evidenceCount,
  };
  if (origin === "rules") {
    const issued = await issueRulesSummary(database.worker, about, worker);
    return issued.summaryId!;
  }
  const runId = await queueRunForTest(database, { incidentId: caseId, model });
  await startRunForTest(database, { runId });
  await finishRunForTest(database, { runId, costMicro: 700 });
  const issued = await issueModelSummary(
    database.worker,
    { ...about, modelRunId: runId, state: "complete", stateReason: null, notMentioned: [] },
    { kind: "model", id: "m-1" },
  );
  return issued.summaryId!;
}

test("two versions are compared claim by claim, and versions are listed newest first", async () => {
  const left = await issue("model", [
    claim("5 sign-ins failed on ws-1.", "unsupported"),
    claim("ws-2 was reached.", "supported"),
  ]);
  const right = await issue("model", [
    claim("5 sign-ins failed on ws-1.", "supported"),
    claim("mail.exe ran on ws-3.", "supported"),
  ]);
  const comparison = await compareSummaries(database.web, caseId, { left, right });
  expect(comparison?.pairs.map((pair) => [pair.change, pair.left?.text, pair.right?.text])).toEqual(
    [
      ["moved", "5 sign-ins failed on ws-1.", "5 sign-ins failed on ws-1."],
      ["dropped", "ws-2 was reached.", undefined],
      ["added", undefined, "mail.exe ran on ws-3."],
    ],
  );
  expect(comparison).toMatchObject({ left: { version: 1 }, right: { version: 2 } });
  expect((await listSummaryVersions(database.web, caseId)).map(({ id }) => id)).toEqual([
    right,
    left,
  ]);
});

test("a summary of another incident is not compared", async () => {
  const { incidents } = await ingest(
    database.web,
    source,
    [{ recordId: "elsewhere", time: at("04:00:00") }],
    "ELSEWHERE",
  );
  const here = await issue("rules", [claim("Something.", "supported")]);
  expect(
    await compareSummaries(database.web, incidents[0]!.id, { left: here, right: here }),
  ).toBeNull();
});

test("a stale summary tells what came since: how many records, and the gravest alerts first", async () => {
  await issue("model", [claim("5 sign-ins failed on ws-1.", "supported")]);
  const since = [
    { recordId: "n1", kind: "event", time: at("05:00:00") },
    { recordId: "n2", time: at("05:00:01"), severity: "low", title: "A low one" },
    { recordId: "n3", time: at("05:00:02"), severity: "critical", title: "A critical one" },
  ] as const;
  await ingest(database.web, source, [...since], "CASE");
  const summaries = await listSummaries(database.web, caseId);
  const summary = summaries.find(({ origin }) => origin === "model");
  expect(summary).toMatchObject({
    stale: true,
    staleBy: { addedCount: 3, alerts: [{ title: "A critical one" }, { title: "A low one" }] },
    run: { costMicro: 700, latencyMs: 12, repairOf: null },
  });
});

test("a note in the thread says of which draft it was made, and whether it still says just that", async () => {
  const runId = await queueRunForTest(database, {
    incidentId: caseId,
    model,
    kind: "handover",
    askedBy: ana.id,
  });
  await startRunForTest(database, { runId });
  const data = (ordinal: number, text: string): StreamedClaim => ({
    ordinal,
    text,
    kind: "observation",
    polarity: "affirmed",
    standing: "supported",
    verifier: "2",
    checks: [],
    predicates: [],
    uncovered: [],
    citations: [],
  });
  await appendRunEvents(database.worker, {
    runId,
    worker: RUN_WORKER,
    events: [
      { kind: "claim", data: data(0, "Five sign-ins failed.") },
      { kind: "claim", data: data(1, "The host is isolated.") },
    ],
  });
  await finishRunForTest(database, { runId });
  const add = (text: string, draftRunId?: string) =>
    addNote(database.web, { incidentId: caseId, text, draftRunId }, ana);
  await add("Five sign-ins failed.\nThe host is isolated.\n", runId);
  await add("Five sign-ins failed. I isolated the host.", runId);
  await add("My own words.");
  const { entries } = await listThread(
    database.web,
    caseId,
    { kinds: ["note"] },
    { after: null, before: null },
  );
  expect(entries).toMatchObject([
    { noteKind: "handover", draft: { runId, model: "m-1", edited: false } },
    { noteKind: "handover", draft: { runId, edited: true } },
    { noteKind: "note", draft: null },
  ]);
});
