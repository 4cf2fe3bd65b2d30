import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countStatements } from "#lib/cli/bench/statements.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { issueRulesSummary } from "#lib/commands/issue-summary.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { setVerdict } from "#lib/commands/set-verdict.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { deskWorld } from "./queries-fixtures.ts";
import { readReview } from "./read-review.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: Actor;
let lea: Actor;
beforeAll(async () => {
  ({ database, source, ana } = await deskWorld());
  lea = { kind: "person", session: null, id: (await makePerson(database, "lead", "Lea")).id };
});
afterAll(() => database.close());

const WEB_1 = observables("host:web-1", "user:svc-web");

/** An incident of two records on web-1, in the first of which an account logged on as a service; another closed by it. */
async function incidentOn(key: string): Promise<string> {
  const service = {
    recordId: `${key}-1`,
    kind: "event" as const,
    time: at("03:00:00"),
    title: "logon",
    fields: { "logon.type": "5" },
    observables: WEB_1,
  };
  const alert = {
    recordId: `${key}-2`,
    time: at("03:01:00"),
    title: "Alert on web-1",
    observables: observables("host:web-1"),
  };
  const { incidents } = await ingest(database.web, source, [service, alert], key);
  return incidents[0]!.id;
}

async function propose(incidentId: string, content: DecisionContent): Promise<string> {
  const idem = crypto.randomUUID();
  const input = { incidentId, content, waivedClaimIds: [], idem };
  const proposed = await proposeDecision(database.web, input, ana);
  expect(proposed).toMatchObject({ ok: true });
  return proposed.id;
}

const CONTAIN: DecisionContent = {
  kind: "containment",
  reason: "Stop it from spreading.",
  actions: [
    { action: "isolate_host", target: "WEB-1" },
    { action: "disable_account", target: "svc-web" },
    { action: "isolate_host", target: "nowhere" },
  ],
};

describe("the targets of a containment", () => {
  test("say what the evidence knows of each, and of what it does not name, nothing", async () => {
    const incidentId = await incidentOn("reach");
    const other = await incidentOn("reach-other");
    const review = await readReview(database.web, await propose(incidentId, CONTAIN), lea.id);
    expect(review!.targets).toMatchObject([
      {
        action: 0,
        type: "host",
        value: "web-1",
        count: 2,
        asService: 1,
        beside: [{ type: "user", value: "svc-web", count: 1 }],
        otherCount: 1,
        openCount: 1,
        others: [{ id: other, status: "new" }],
      },
      {
        action: 1,
        type: "user",
        value: "svc-web",
        count: 1,
        asService: 1,
        beside: [{ type: "host", value: "web-1", count: 1 }],
      },
    ]);
  });
});

async function summarise(incidentId: string): Promise<string> {
  const { evidenceRoot, evidenceCount } = await database.web.incident.findUniqueOrThrow({
    where: { id: incidentId },
  });
  const evidence = await database.web.evidenceItem.findFirstOrThrow({
    where: { incidentId, position: 1 },
  });
  await issueRulesSummary(
    database.worker,
    {
      incidentId,
      generator: "rules/1",
      evidenceRoot: Buffer.from(evidenceRoot),
      evidenceCount,
      claims: [
        {
          text: "A logon on web-1.",
          kind: "observation",
          polarity: "affirmed",
          standing: "supported",
          front: true,
          predicates: [],
          checks: [],
          uncovered: [],
          citations: [{ id: "E1", quote: "logon" }],
          resolved: [{ evidenceId: evidence.id, position: 1, quote: "logon", start: 0, end: 5 }],
        },
      ],
    },
    { kind: "system", id: "worker" },
  );
  return evidence.id;
}

const ESCALATE: DecisionContent = {
  kind: "escalation",
  reason: "More hands are needed.",
  to: "IR",
};

describe("what a signer is shown", () => {
  test("are the cited records, with who of the reader and the signers opened them", async () => {
    const incidentId = await incidentOn("opened");
    const evidenceId = await summarise(incidentId);
    const decisionId = await propose(incidentId, ESCALATE);
    const shown = async () =>
      (await readReview(database.web, decisionId, lea.id))!.records.map(({ label, opened }) => ({
        label,
        opened: opened.map(({ personId }) => personId),
      }));
    expect(await shown()).toEqual([{ label: "E1", opened: [] }]);
    // ana has signed nothing, so that what she opens is not the reader's to see
    await recordEvidenceRead(database.web, { incidentId, evidenceId }, ana);
    await recordEvidenceRead(database.web, { incidentId, evidenceId }, lea);
    expect(await shown()).toEqual([{ label: "E1", opened: [lea.id] }]);
  });

  test("names each change since the proposal, and none while there is none", async () => {
    const incidentId = await incidentOn("changes");
    await summarise(incidentId);
    const decisionId = await propose(incidentId, ESCALATE);
    const changes = async () => (await readReview(database.web, decisionId, lea.id))!.changes;
    expect(await changes()).toEqual({ records: [], recordCount: 0, entries: [] });
    const claim = await database.web.claim.findFirstOrThrow({
      where: { summary: { incidentId } },
    });
    const disputed = { claimId: claim.id, outcome: "disputed" as const, reason: "It is ours." };
    await reviewClaim(database.web, disputed, lea);
    await setVerdict(database.web, { incidentId, verdict: "suspicious" }, ana);
    const late = { recordId: "late", time: at("03:02:00"), title: "A late alert" };
    await ingest(database.web, source, [{ ...late, observables: WEB_1 }], "changes");
    expect(await changes()).toMatchObject({
      records: [{ label: "E3", title: "A late alert", kind: "alert" }],
      recordCount: 1,
      entries: [
        {
          who: "Lea",
          sentence: expect.stringMatching(/^disputed a claim/),
          claims: [{ id: claim.id }],
        },
        { who: "Ana", sentence: "set the verdict to suspicious", claims: [] },
      ],
    });
  });

  test("costs at most 22 statements, however many records and targets there are", async () => {
    const incidentId = await incidentOn("cost");
    await summarise(incidentId);
    const decisionId = await propose(incidentId, CONTAIN);
    await ingest(database.web, source, [{ recordId: "c3", title: "One more" }], "cost");
    const count = await countStatements(database.urls.web, (db) =>
      readReview(db, decisionId, lea.id),
    );
    expect(count).toBeLessThanOrEqual(22);
  });
});
