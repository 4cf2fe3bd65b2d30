import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propose as proposeDecision } from "#lib/db/testing-gate.ts";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { PolicyChangeInput } from "#lib/contracts/policy-inputs.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import type { Problem } from "#lib/domain/problem.ts";
import { previewPolicy } from "#lib/queries/preview-policy.ts";
import { policyPage, policyRulesInForce, policyVersionPage } from "#lib/queries/policy-page.ts";
import { endPolicy } from "./end-policy.ts";
import { proposePolicy } from "./propose-policy.ts";
import { signPolicy } from "./sign-policy.ts";

let db: TestDatabase;
let adm: TestPerson;
let ada: TestPerson;
let ana: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  [adm, ada, ana] = await Promise.all([
    makePerson(db, "admin", "adm"),
    makePerson(db, "admin", "ada"),
    makePerson(db, "analyst", "ana"),
  ]);
});
afterAll(() => db.close());

const by = (person: TestPerson) => ({ kind: "person" as const, session: null, id: person.id });

/** The policy in force with every rule changed. */
async function draft(change: (rule: RuleWords) => Partial<RuleWords>): Promise<PolicyChangeInput> {
  const inForce = (await policyRulesInForce(db.web))!;
  const rules = inForce.rules.map(({ number, ...rule }) => ({
    ...rule,
    ...change({ ...rule, number }),
  }));
  return { base: inForce.version, rules, reason: "It must be so.", delayMinutes: 1440 };
}

async function publish(input: PolicyChangeInput, person = adm, password = person.password) {
  const { statementSha256 } = await previewPolicy(db.web, input);
  return proposePolicy(db.web, { ...input, statementSha256, password }, by(person));
}

async function problemOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "passed",
    (error: Problem) => error.code,
  );
}

describe("a change of the policy", () => {
  test("is previewed with the open decisions that would need something else", async () => {
    const [one, two] = [await makeIncident(db), await makeIncident(db)];
    await proposeDecision(db.pools.web, { incidentId: one.id, proposer: ana });
    await proposeDecision(db.pools.web, { incidentId: two.id, proposer: ana, kind: "escalation" });
    const input = await draft(({ kind }) => (kind === "closure" ? { signOffs: 2 } : {}));
    const { weakens, decisions, version } = await previewPolicy(db.web, input);
    expect({ weakens, version }).toEqual({ weakens: false, version: 2 });
    expect(decisions).toMatchObject({
      open: 2,
      looked: 2,
      changed: [{ kind: "closure", before: { signOffs: 1 }, after: { signOffs: 2 } }],
    });
  });

  test("that only asks for more is in force, and the page says by whom", async () => {
    const answer = await publish(await draft(() => ({ signOffs: 2 })));
    expect(answer).toMatchObject({ ok: true, version: 2, state: "in_force" });
    const page = await policyPage(db.web, null);
    expect(page.inForce?.version).toBe(2);
    expect(page.history.map(({ version, state }) => `${version} ${state}`)).toEqual([
      "2 in_force",
      "1 past",
    ]);
    const version = await policyVersionPage(db.web, 2, null);
    expect(version).toMatchObject({
      weakens: false,
      against: { version: 1 },
      signatures: [{ person: { name: "adm" } }],
    });
  });

  test("that asks for less waits for another admin and then for its time", async () => {
    const { version } = await publish(await draft(() => ({ signOffs: 1 })));
    const waiting = (await policyVersionPage(db.web, version, null))!;
    expect(waiting).toMatchObject({ state: "waiting", weakens: true, effectiveAt: null });
    const signature = { version, statementSha256: waiting.statementSha256! };
    const again = signPolicy(db.web, { ...signature, password: adm.password }, by(adm));
    expect(await problemOf(again)).toBe("signer_is_proposer");
    const wrong = signPolicy(db.web, { ...signature, password: "a guess" }, by(ada));
    expect(await problemOf(wrong)).toBe("password_wrong");
    const signed = await signPolicy(db.web, { ...signature, password: ada.password }, by(ada));
    expect(signed).toMatchObject({ state: "scheduled", signatures: 2 });
    const page = await policyPage(db.web, null);
    expect(page.open.map((one) => one.state)).toEqual(["scheduled"]);
    expect(page.inForce?.version).toBe(2);
    expect(await endPolicy(db.web, { version, reason: "No." }, by(ada))).toEqual({
      state: "withdrawn",
    });
    expect(await problemOf(endPolicy(db.web, { version, reason: "No." }, by(ada)))).toBe(
      "policy_not_open",
    );
  });

  test("is refused with its reason where it cannot be", async () => {
    const weaker = await draft(() => ({ signOffs: 1 }));
    expect(await problemOf(publish({ ...weaker, delayMinutes: 60 }))).toBe("policy_waits");
    expect(await problemOf(publish(weaker, adm, "a guess"))).toBe("password_wrong");
    expect(await problemOf(publish(weaker, ana))).toBe("role_too_low");
    expect(await problemOf(previewPolicy(db.web, { ...weaker, base: 1 }))).toBe("stale");
    const { statementSha256 } = await previewPolicy(db.web, weaker);
    const other = { ...weaker, reason: "Another.", statementSha256, password: adm.password };
    expect(await problemOf(proposePolicy(db.web, other, by(adm)))).toBe("statement_changed");
    const gone = endPolicy(db.web, { version: 4711, reason: "No." }, by(adm));
    expect(await problemOf(gone)).toBe("not_found");
  });
});

test("the history is read page by page", async () => {
  const inForce = await policyRulesInForce(db.web);
  for (let minutes = 479; minutes > 459; minutes -= 1) {
    const shorter = ({ proposalMinutes }: RuleWords) => ({
      proposalMinutes: Math.min(proposalMinutes, minutes),
    });
    await publish(await draft(shorter));
  }
  const first = await policyPage(db.web, null);
  expect(first.history).toHaveLength(20);
  const second = await policyPage(db.web, first.before);
  const all = [...first.history, ...second.history].map(({ version }) => version);
  expect(all).toEqual(Array.from({ length: all.length }, (_, index) => all.length - index));
  expect(second.before).toBeNull();
  expect(inForce!.version).toBeLessThan(all[0]!);
}, 60_000);
