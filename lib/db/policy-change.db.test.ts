import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POLICY_TEMPLATE, weakens } from "#lib/domain/decision/policy-change.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import { makePerson } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import {
  anyChange,
  anyPolicy,
  endPolicy,
  numbered,
  proposePolicy,
  rulesInForce,
  signPolicy,
} from "./testing-policy.ts";
import { propose, sign } from "./testing-gate.ts";
import type { Sql } from "./testing-gate.ts";
import { makeIncident } from "./testing-people.ts";
import { makeWorld, undone } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

const DAY_MS = 24 * 60 * 60_000;

let world: World;
let ada: TestPerson;
beforeAll(async () => {
  world = await makeWorld();
  ada = await makePerson(world.db, "admin", "ada");
});
afterAll(() => world.db.close());

async function version(sql: Sql): Promise<number> {
  const { rows } = await sql.query("select gate.policy_version() as version");
  return rows[0].version;
}

/** What the rules in force ask, but each signature counts a minute longer. */
async function looser(sql: Sql): Promise<RuleWords[]> {
  const rules = await rulesInForce(sql);
  return rules.map((rule) => ({ ...rule, signOffMinutes: rule.signOffMinutes + 1 }));
}

async function kindsOf(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query(
    "select kind from trail.entry where kind like 'policy.%' and kind not like 'policy.automation%' order by seq",
  );
  return rows.map(({ kind }) => kind);
}

/** The day has passed: what only the superuser of the database could do to its clock. */
async function aDayLater(sql: Sql): Promise<void> {
  await sql.query("alter table policy_version disable trigger check_policy_version");
  await sql.query(
    "update policy_version set effective_at = effective_at - interval '1 day' where effective_at > now()",
  );
  await sql.query("alter table policy_version enable always trigger check_policy_version");
}

describe("Postgres and the screens find the same", () => {
  test("about any change: whether it weakens", async () => {
    const seen = { true: 0, false: 0 };
    const check = async ({ before, after }: { before: RuleWords[]; after: RuleWords[] }) => {
      const { rows } = await world.web.query<{ weakens: boolean }>(
        "select gate.policy_weakens($1::jsonb, $2::jsonb) as weakens",
        [JSON.stringify(before), JSON.stringify(after)],
      );
      seen[`${rows[0]!.weakens}`] += 1;
      expect(rows[0]!.weakens).toBe(weakens(before, after));
    };
    await fc.assert(fc.asyncProperty(anyChange(), check), { numRuns: 120 });
    const anyTwo = fc.record({ before: anyPolicy(), after: anyPolicy() });
    await fc.assert(fc.asyncProperty(anyTwo, check), { numRuns: 40 });
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(15);
  });

  test("the rules of a version, as its statement says them", async () => {
    const given = numbered(POLICY_TEMPLATE);
    await undone(world.web, async (client) => {
      await proposePolicy(client, { person: world.adm, rules: given });
      const { rows } = await client.query("select gate.policy_rules(2) as rules");
      expect(rows[0].rules).toEqual(given);
    });
  });
});

describe("a stricter policy", () => {
  test("is in force with one signature, for what is proposed from then on", async () => {
    const { id: incidentId } = await makeIncident(world.db);
    await undone(world.web, async (client) => {
      const open = await propose(client, { incidentId, proposer: world.ana });
      const rules = (await rulesInForce(client)).map((rule) => ({ ...rule, signOffs: 2 }));
      const answer = await proposePolicy(client, { person: world.adm, rules });
      expect(answer).toMatchObject({ state: "in_force", signatures: 1, needed: 1 });
      expect(await version(client)).toBe(answer.version);
      expect(await kindsOf(client)).toEqual([
        "policy.published",
        "policy.proposed",
        "policy.published",
      ]);
      // proposed under version 1, signed under version 1
      expect(await sign(client, open, { person: world.bo })).toMatchObject({ state: "in_effect" });
    });
  });

  test("ends a weaker one that waits", async () => {
    await undone(world.web, async (client) => {
      const waits = await proposePolicy(client, { person: world.adm, rules: await looser(client) });
      const rules = (await rulesInForce(client)).map((rule) => ({ ...rule, signOffs: 2 }));
      await proposePolicy(client, { person: ada, rules });
      const { rows } = await client.query(
        "select end_kind from policy_version where version = $1",
        [waits.version],
      );
      expect(rows[0].end_kind).toBe("overtaken");
    });
  });
});

async function endOf(client: Sql, of: number): Promise<string | null> {
  const { rows } = await client.query("select end_kind from policy_version where version = $1", [
    of,
  ]);
  return rows[0].end_kind;
}

describe("a weaker policy", () => {
  test("needs two admins and waits a day", async () => {
    await undone(world.owner, async (client) => {
      const rules = await looser(client);
      const proposed = await proposePolicy(client, { person: world.adm, rules });
      expect(proposed).toMatchObject({ state: "waiting", signatures: 1, needed: 2 });
      const signed = await signPolicy(client, { version: proposed.version, person: ada });
      expect(signed).toMatchObject({ state: "scheduled", signatures: 2 });
      const wait = Date.parse(signed.effectiveAt!) - Date.now();
      expect(wait).toBeGreaterThan(DAY_MS - 60_000);
      expect(wait).toBeLessThanOrEqual(DAY_MS);
      expect(await version(client)).toBe(1);
      await aDayLater(client);
      expect(await version(client)).toBe(proposed.version);
      expect(await rulesInForce(client)).toEqual(rules);
    });
  });

  test.each(["waiting", "scheduled"])(
    "is withdrawn while it is %s, and never comes",
    async (state) => {
      await undone(world.owner, async (client) => {
        const given = await proposePolicy(client, {
          person: world.adm,
          rules: await looser(client),
        });
        if (state === "scheduled")
          await signPolicy(client, { version: given.version, person: ada });
        await endPolicy(client, given.version, world.adm);
        await aDayLater(client);
        expect(await version(client)).toBe(1);
        expect((await kindsOf(client)).at(-1)).toBe("policy.withdrawn");
      });
    },
  );

  test.each(["waiting", "scheduled"])(
    "lapses while it is %s when a signer is no admin any more, and says so",
    async (state) => {
      await undone(world.owner, async (client) => {
        const rules = await looser(client);
        const given = await proposePolicy(client, { person: world.adm, rules });
        if (state === "scheduled")
          await signPolicy(client, { version: given.version, person: ada });
        await client.query("update person set name = 'Adm' where id = $1", [world.adm.id]);
        expect(await endOf(client, given.version)).toBeNull();
        await client.query("update person set active = false where id = $1", [world.adm.id]);
        expect(await endOf(client, given.version)).toBe("lapsed");
        expect((await kindsOf(client)).at(-1)).toBe("policy.lapsed");
        await aDayLater(client);
        expect(await version(client)).toBe(1);
        await client.query("update person set active = true where id = $1", [world.adm.id]);
        expect(await endOf(client, given.version)).toBe("lapsed");
      });
    },
  );

  test("stays in force when its signers go after it took effect", async () => {
    await undone(world.owner, async (client) => {
      const given = await proposePolicy(client, { person: world.adm, rules: await looser(client) });
      await signPolicy(client, { version: given.version, person: ada });
      await aDayLater(client);
      await client.query("update person set role = 'lead' where role = 'admin'");
      expect(await version(client)).toBe(given.version);
    });
  });

  test("is refused by the second admin, which says who and why", async () => {
    await undone(world.web, async (client) => {
      const given = await proposePolicy(client, { person: world.adm, rules: await looser(client) });
      await endPolicy(client, given.version, ada);
      const { rows } = await client.query(
        "select end_kind, ended_by, end_reason from policy_version where version = $1",
        [given.version],
      );
      expect(rows[0]).toEqual({ end_kind: "refused", ended_by: ada.id, end_reason: "Not so." });
      expect((await kindsOf(client)).at(-1)).toBe("policy.refused");
    });
  });

  test("is what lets somebody decide again after nobody might", async () => {
    await undone(world.web, async (client) => {
      const rules = await rulesInForce(client);
      const without = rules.filter(({ kind }) => kind !== "reopening");
      await proposePolicy(client, { person: world.adm, rules: without });
      const back = await proposePolicy(client, { person: world.adm, rules });
      expect(back).toMatchObject({ state: "waiting", needed: 2 });
    });
  });
});

test("two admins who propose at once do not both win", async () => {
  const rules = (await rulesInForce(world.web)).map((rule) => ({ ...rule, signOffs: 2 }));
  const answers = await Promise.allSettled(
    [world.adm, ada].map((person) => proposePolicy(world.web, { person, rules, base: 1 })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await version(world.web)).toBe(2);
});
