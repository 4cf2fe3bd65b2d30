/** The override history: what is listed, what a lead may say of it, and what leaves as a file. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "#lib/commands/actor.ts";
import { judgeOverride } from "#lib/commands/judge-override.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { signDecision as rejectDecision } from "#lib/commands/sign-decision.ts";
import type { JudgeOverrideInput, OverrideFilter } from "#lib/contracts/override-inputs.ts";
import { activateForTest, type ActivatedModel } from "#lib/db/testing-copilot.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makeIncident, makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "#lib/db/testing-runs.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { exportOverrides, exportOverridesTable } from "./export-overrides.ts";
import { listOverrides } from "./list-overrides.ts";

const NONE: OverrideFilter = {
  kind: null,
  person: null,
  model: null,
  prompt: null,
  incident: null,
  days: null,
  judged: null,
  override: null,
};

let db: TestDatabase;
let model: ActivatedModel;
let [ana, bo, lea, lou, aud]: TestPerson[] = [];
beforeAll(async () => {
  db = await testDatabase();
  ana = await makePerson(db, "analyst", "ana");
  bo = await makePerson(db, "analyst", "bo");
  lea = await makePerson(db, "lead", "lea");
  lou = await makePerson(db, "lead", "lou");
  aud = await makePerson(db, "auditor", "aud");
  model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9" });
});
afterAll(() => db.close());

describe("the list", () => {
  test("holds a corrected claim of a model with its words, prompt and who said so", async () => {
    const { claimId, incidentId, promptId } = await claimOf("model");
    const id = await correct(claimId);
    expect(await one(id)).toMatchObject({
      id,
      kind: "corrected",
      person: { name: "ana" },
      incident: { id: incidentId },
      model: "m-1",
      prompt: expect.objectContaining({ version: expect.any(Number) }),
      claim: { id: claimId, text: "The user signed in twice.", standing: "supported" },
      decision: null,
      replacement: "The user signed in once.",
      reason: "One is a reconnect.",
      verdict: null,
      verdicts: 0,
    });
    expect(promptId).not.toBeNull();
  });

  test("holds no accepted claim", async () => {
    const { claimId } = await claimOf("rules");
    const { id } = await reviewClaim(db.web, { claimId, outcome: "accepted" }, actor(ana!));
    expect(await one(id)).toBeUndefined();
  });

  test("holds a rejected proposal with who rejected it and why, and a refused one with its rules", async () => {
    const rejected = await proposal();
    await rejectDecision(
      db.web,
      { decisionId: rejected.id, outcome: "rejected", reason: "Too early.", ...signed(rejected) },
      actor(bo!),
    );
    expect(await one(rejected.id)).toMatchObject({
      kind: "rejected",
      person: { name: "bo" },
      model: null,
      claim: null,
      decision: { id: rejected.id, proposer: { name: "ana" }, refusals: [] },
      reason: "Too early.",
    });
    const { id: incidentId } = await makeIncident(db);
    const content = { kind: "reopening", reason: "New evidence." } as const;
    const refused = await proposeDecision(
      db.web,
      { incidentId, content, waivedClaimIds: [], idem: randomUUID() },
      actor(ana!),
    );
    expect(refused.ok).toBe(false);
    const [row] = (await list({ kind: "refused" })).overrides;
    expect(row).toMatchObject({
      kind: "refused",
      person: { name: "ana" },
      incident: { id: incidentId },
    });
    expect(row!.decision!.refusals.map(({ code }) => code)).toContain("incident_not_closed");
  });

  test.each([
    ["kind", () => ({ kind: "corrected" as const })],
    ["person", () => ({ person: ana!.id })],
    ["model", () => ({ model: "m-1" })],
    ["period", () => ({ days: 7 })],
    ["not judged", () => ({ judged: "no" as const })],
  ])("is narrowed by %s, and to nothing by what does not fit", async (_name, filter) => {
    const { claimId } = await claimOf("model");
    const id = await correct(claimId);
    expect((await ids(filter())).includes(id)).toBe(true);
    const other = { kind: "refused", person: lou!.id, model: "m-2", judged: "yes" } as const;
    for (const key of Object.keys(filter()).filter((each) => each !== "days")) {
      const not = { [key]: other[key as keyof typeof other] };
      expect((await ids(not)).includes(id)).toBe(false);
    }
  });

  test("is narrowed by incident and by prompt version", async () => {
    const { claimId, number, promptId } = await claimOf("model");
    const id = await correct(claimId);
    expect(await ids({ incident: number })).toEqual([id]);
    expect(await ids({ incident: number, prompt: promptId })).toEqual([id]);
    expect(await ids({ incident: number, prompt: randomUUID() })).toEqual([]);
  });

  test("is read page by page, each once, also when more come in between", async () => {
    const before = await ids({ model: "rules/1" });
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.push(await correct((await claimOf("rules")).claimId));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listOverrides(db.web, { ...NONE, model: "rules/1", cursor, limit: 2 });
      seen.push(...page.overrides.map(({ id }) => id));
      cursor = page.nextCursor;
      if (seen.length === 2) await correct((await claimOf("rules")).claimId);
    } while (cursor !== null);
    expect(seen).toEqual([...made.toReversed(), ...before]);
  });

  test("a cursor that is none of ours is refused", async () => {
    const cursor = Buffer.from('["x","y"]').toString("base64url");
    await expect(listOverrides(db.web, { ...NONE, cursor, limit: 2 })).rejects.toMatchObject({
      code: "cursor_invalid",
    });
  });
});

describe("a lead's verdict", () => {
  test("stands beside the override and on the trail; a later one counts and both stay", async () => {
    const { claimId, incidentId } = await claimOf("model");
    const id = await correct(claimId);
    await judge(id, lea!, { outcome: "agree" });
    await judge(id, lou!, { outcome: "disagree", note: "Both were sign-ins." });
    expect(await one(id)).toMatchObject({
      verdict: { outcome: "disagree", note: "Both were sign-ins.", person: { name: "lou" } },
      verdicts: 2,
    });
    expect(await ids({ judged: "yes" })).toContain(id);
    expect(await ids({ judged: "no" })).not.toContain(id);
    expect(await lastEntry(incidentId)).toEqual({
      kind: "report.override_judged",
      actor: `person:${lou!.id}`,
      override: id,
      claim: claimId,
      outcome: "disagree",
    });
  });

  test("twice with one key is one row with one entry", async () => {
    const id = await correct((await claimOf("model")).claimId);
    const idem = randomUUID();
    await Promise.all([1, 2, 3].map(() => judge(id, lea!, { outcome: "agree", idem })));
    expect(await one(id)).toMatchObject({ verdicts: 1 });
  });

  test("is for leads alone", async () => {
    const id = await correct((await claimOf("model")).claimId);
    for (const person of [ana!, bo!, aud!, model.admin]) {
      await expect(judge(id, person)).rejects.toMatchObject({ code: "role_too_low" });
    }
    expect(await one(id)).toMatchObject({ verdicts: 0 });
  });

  test("is not for one's own override, nor for the rejection of one's own proposal", async () => {
    const own = await correct((await claimOf("model")).claimId, lea!);
    await expect(judge(own, lea!)).rejects.toMatchObject({ code: "override_own" });
    const mine = await proposal(lea!);
    await sign(db.pools.web, mine, { person: bo!, outcome: "rejected" });
    await expect(judge(mine.id, lea!)).rejects.toMatchObject({ code: "override_own" });
    await judge(mine.id, lou!);
  });

  test("of what is no override is refused", async () => {
    await expect(judge(randomUUID(), lea!)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the file", () => {
  test("has the rows of the filter, and no cell of the table is a formula", async () => {
    const { claimId, number } = await claimOf("model");
    const id = await correct(claimId, ana!, "=HYPERLINK(1)");
    const filter = { ...NONE, incident: number };
    const lines = await Array.fromAsync(exportOverrides(db.web, filter));
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([id]);
    const [head, row, ...more] = await Array.fromAsync(exportOverridesTable(db.web, filter));
    expect(head).toMatch(/^"override","at","kind"/);
    expect(row).toContain(`"'=HYPERLINK(1)"`);
    expect(row).toContain(`"The user signed in twice."`);
    expect(more).toEqual([]);
  });
});

function actor({ id, role }: TestPerson): Actor {
  return { kind: "person", session: null, id, role };
}

async function one(override: string) {
  return (await listOverrides(db.web, { ...NONE, override, cursor: null, limit: 1 })).overrides[0];
}

async function ids(filter: Partial<OverrideFilter>): Promise<string[]> {
  return (await list(filter)).overrides.map(({ id }) => id);
}

function list(filter: Partial<OverrideFilter>) {
  return listOverrides(db.web, { ...NONE, ...filter, cursor: null, limit: 100 });
}

function signed({ sha256 }: { sha256: Buffer }) {
  return { statementSha256: sha256.toString("hex"), password: bo!.password };
}

function judge(overrideId: string, by: TestPerson, given: Partial<JudgeOverrideInput> = {}) {
  const input = { idem: randomUUID(), overrideId, outcome: "agree" as const, note: "", ...given };
  return judgeOverride(db.web, input, actor(by));
}

async function correct(
  claimId: string,
  by: TestPerson = ana!,
  replacement = "The user signed in once.",
): Promise<string> {
  const words = { reason: "One is a reconnect.", replacement };
  const { id } = await reviewClaim(db.web, { claimId, outcome: "corrected", ...words }, actor(by));
  return id;
}

async function proposal(proposer: TestPerson = ana!) {
  const { id: incidentId } = await makeIncident(db);
  return propose(db.pools.web, { incidentId, proposer });
}

async function claimOf(origin: "model" | "rules") {
  const { id: incidentId, number } = await makeIncident(db);
  let [runId, promptId]: (string | null)[] = [null, null];
  if (origin === "model") {
    runId = await queueRunForTest(db, { incidentId, model });
    await startRunForTest(db, { runId });
    await finishRunForTest(db, { runId });
    const run = await db.web.modelRun.findUniqueOrThrow({
      where: { id: runId },
      select: { promptVersionId: true },
    });
    promptId = run.promptVersionId;
  }
  const { id: summaryId } = await db.worker.summary.create({
    data: {
      ...{ incidentId, origin, version: 1, state: "complete", modelRunId: runId },
      generator: origin === "model" ? "m-1" : "rules/1",
      evidenceRoot: new Uint8Array(32),
      evidenceCount: 1,
    },
    select: { id: true },
  });
  const { id: claimId } = await db.worker.claim.create({
    data: {
      ...{ summaryId, ordinal: 0, front: true, text: "The user signed in twice." },
      ...{ kind: "count", polarity: "affirmed", standing: "supported", verifier: "1" },
      ...{ predicates: [], checks: [], uncovered: [] },
    },
    select: { id: true },
  });
  return { incidentId, number, claimId, promptId };
}

async function lastEntry(incidentId: string) {
  const { rows } = await db.pools.auditor.query(
    `select e.kind, e.actor, v ->> 'override' as override, v ->> 'claim' as claim, v ->> 'outcome' as outcome
     from trail.entry e join trail.payload p using (seq), lateral (select convert_from(p.bytes, 'UTF8')::json as v) x
     where e.incident_id = $1 order by seq desc limit 1`,
    [incidentId],
  );
  return rows[0];
}
