import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProposeBulk } from "#lib/contracts/bulk-inputs.ts";
import { makeIncidents } from "#lib/db/testing-bulk.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { flat } from "#lib/domain/testing-sentence.ts";
import { statementSentences } from "#lib/domain/decision/statement.ts";
import { bulkMembers, matchingIncidents, previewBulk } from "#lib/queries/bulk-closure.ts";
import { findDecision, listDecisions } from "#lib/queries/list-decisions.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { listTrail } from "#lib/queries/list-trail.ts";
import { listThread } from "#lib/queries/list-thread.ts";
import { queueCounts } from "#lib/queries/queue-counts.ts";
import { parseStatement } from "#lib/signing/statement.ts";
import { proposeBulkClosure } from "./propose-bulk-closure.ts";
import { signDecision } from "./sign-decision.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const actor = ({ id }: TestPerson) => ({ kind: "person", session: null, id }) as const;

/** New incidents, each with the summary of the rules that a closure rests on. */
async function summarised(count: number): Promise<string[]> {
  const ids = await makeIncidents(world, count);
  const summary = { origin: "rules", version: 1, state: "complete", generator: "rules/1" };
  await world.db.worker.summary.createMany({
    data: ids.map((incidentId) => ({
      ...summary,
      incidentId,
      evidenceRoot: new Uint8Array(32),
      evidenceCount: 0,
    })),
  });
  return ids;
}

function propose(incidentIds: string[], over: Partial<ProposeBulk> = {}) {
  const input: ProposeBulk = {
    incidentIds,
    classification: "false_positive",
    classificationReason: "incorrect_alert_logic",
    determination: null,
    reason: "The rule fires on every backup; all of these are one mistake.",
    waivedClaimIds: [],
    idem: randomUUID(),
    ...over,
  };
  return proposeBulkClosure(world.db.web, input, actor(world.ana));
}

async function sign(decisionId: string, by: TestPerson) {
  const { statementSha256 } = (await findDecision(world.db.web, decisionId))!;
  const { password } = by;
  const input = {
    decisionId,
    outcome: "approved",
    statementSha256,
    password,
    reason: null,
  } as const;
  return signDecision(world.db.web, input, actor(by));
}

const codesOf = (answer: object) =>
  "reasons" in answer ? (answer.reasons as { code: string }[]).map(({ code }) => code) : [];

describe("a closure of several incidents", () => {
  test("is one statement that names each, and one signature closes all", async () => {
    const ids = await summarised(40);
    const proposed = await propose(ids);
    expect(proposed).toMatchObject({ ok: true, state: "proposed" });
    const decision = (await findDecision(world.db.web, proposed.id))!;
    const sentences = statementSentences(parseStatement(decision.statement)).map(flat).join("\n");
    expect(sentences).toContain("40 incidents are closed by this, each as it stood:");
    for (const { number } of await bulkMembers(world.db.web, proposed.id, world.bo.id))
      expect(sentences).toContain(`- ${number} ‹Duplicate `);
    expect(await sign(proposed.id, world.bo)).toMatchObject({ ok: true, state: "in_effect" });
    const members = await bulkMembers(world.db.web, proposed.id, world.bo.id);
    expect(members).toHaveLength(40);
    expect(new Set(members.map(({ status, changed }) => `${status} ${changed}`))).toEqual(
      new Set(["closed false"]),
    );
  });

  test("is seen at each of its incidents, and waits in the queue at each", async () => {
    const [first = "", second = ""] = await summarised(2);
    const waiting = async () => (await queueCounts(world.db.web, null)).waiting;
    const before = await waiting();
    const proposed = await propose([first, second]);
    expect(await waiting()).toBe(before + 2);
    const page = await listIncidents(world.db.web, { view: "waiting", personId: null });
    const rows = page.incidents.filter(({ id }) => id === first || id === second);
    expect(rows.map(({ waitingFor }) => waitingFor)).toEqual([["closure"], ["closure"]]);
    for (const id of [first, second]) {
      expect(await listDecisions(world.db.web, id)).toMatchObject([{ id: proposed.id }]);
      const thread = await listThread(world.db.web, id, {}, { after: null, before: null });
      expect(thread.entries).toContainEqual(
        expect.objectContaining({ type: "decision", id: proposed.id }),
      );
    }
  });

  test("is on the trail of each: proposal and signature read through the list, the effect of its own", async () => {
    const ids = await summarised(3);
    const proposed = await propose(ids);
    const alone = await propose(await summarised(2));
    await sign(proposed.id, world.bo);
    for (const id of ids) {
      const { entries } = await listTrail(world.db.auditor, { incident: id });
      const decided = entries.filter(({ kind }) => kind.startsWith("decision."));
      expect(decided.map(({ kind }) => kind)).toEqual([
        "decision.took_effect",
        "decision.signed",
        "decision.proposed",
      ]);
      for (const { payload } of decided) expect(payload).toMatchObject({ decision: proposed.id });
      expect(JSON.stringify(entries)).not.toContain(alone.id);
    }
  });

  test("is refused as a whole, and stored, when one cannot be closed; the reason names it", async () => {
    const [plain = ""] = await makeIncidents(world, 1);
    const ids = [...(await summarised(2)), plain];
    const { rows } = await world.web.query("select number from incident where id = $1", [plain]);
    const refused = await propose(ids);
    expect(codesOf(refused)).toEqual(["summary_missing"]);
    expect(refused).toMatchObject({
      ok: false,
      message: expect.stringMatching(new RegExp(`^INC-0*${rows[0].number}: There is no summary`)),
    });
    expect(await findDecision(world.db.web, refused.id)).toMatchObject({ state: "refused" });
    const preview = await previewBulk(world.db.web, ids, { ...world.ana, active: true });
    expect(preview.members.map(({ id, reasons }) => [id, reasons.length])).toEqual(
      expect.arrayContaining(ids.map((id) => [id, id === plain ? 1 : 0])),
    );
  });

  test("is refused while one of them has a closure open, and to one who may not propose", async () => {
    const ids = await summarised(3);
    await propose(ids.slice(0, 2));
    expect(codesOf(await propose(ids.slice(1)))).toEqual(["decision_open"]);
    expect(
      codesOf(
        await proposeBulkClosure(
          world.db.web,
          {
            incidentIds: await summarised(2),
            classification: "undetermined",
            classificationReason: "undetermined",
            determination: null,
            reason: "Nobody will miss them.",
            waivedClaimIds: [],
            idem: randomUUID(),
          },
          actor(world.aud),
        ),
      ),
    ).toEqual(["proposer_role"]);
    await expect(propose([...ids, randomUUID()])).rejects.toMatchObject({
      code: "incident_not_found",
    });
  });

  test("of which one changed says which, and can be proposed again without it", async () => {
    const ids = await summarised(3);
    const proposed = await propose(ids);
    await world.web.query("update incident set verdict = 'benign' where id = $1", [ids[1]]);
    const changed = (await bulkMembers(world.db.web, proposed.id, world.bo.id)).filter(
      (each) => each.changed,
    );
    expect(changed.map(({ id }) => id)).toEqual([ids[1]]);
    expect(await sign(proposed.id, world.bo)).toMatchObject({ ok: false, code: "stale" });
    const again = await propose(ids.filter((id) => id !== ids[1]));
    expect(await sign(again.id, world.bo)).toMatchObject({ ok: true, state: "in_effect" });
  });

  test("that went stale stands in nobody's way, also before anybody settled it", async () => {
    const ids = await summarised(3);
    await propose(ids);
    await world.web.query("update incident set verdict = 'benign' where id = $1", [ids[2]]);
    const again = await propose(ids.slice(0, 2));
    expect(await sign(again.id, world.bo)).toMatchObject({ ok: true, state: "in_effect" });
  });

  test("is proposed once by a form that is sent twice", async () => {
    const ids = await summarised(2);
    const idem = randomUUID();
    const [one, two] = await Promise.all([propose(ids, { idem }), propose(ids, { idem })]);
    expect(one).toEqual(two);
  });
});

test("as many as one statement may close are found for a view, and that there are more", async () => {
  await makeIncidents(world, 510, "informational");
  const filter = { view: "all" as const, severity: ["informational" as const], personId: null };
  const found = await matchingIncidents(world.db.web, filter);
  expect(found).toMatchObject({ more: true });
  expect(new Set(found.ids).size).toBe(500);
  const all = await matchingIncidents(world.db.web, { ...filter, q: '"Duplicate 51"' });
  expect(all).toEqual({ more: false, ids: [expect.any(String), expect.any(String)] });
});
