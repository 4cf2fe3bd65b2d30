/** What lets more run by itself takes two admins and a day; the rest is in force with its signatures. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyFacts, anyRules, FACTS } from "#lib/domain/decision/automation-fixtures.ts";
import {
  judgeAutomation,
  type AutomationFacts,
  type AutomationRule,
} from "#lib/domain/decision/automation.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import {
  aDayAfterSigning,
  COLLECT,
  draftRules,
  ISOLATE,
  publishRules,
  secondAdmin,
  signRules,
  withdrawRules,
} from "./testing-automation.ts";
import { refusal, type Sql } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";
import { makeWorld, undone, type World } from "./testing-world.ts";

let world: World;
let eve: TestPerson;
beforeAll(async () => {
  world = await makeWorld();
  eve = await secondAdmin(world);
});
afterAll(() => world.db.close());

const inForce = async (sql: Sql): Promise<number> =>
  (await sql.query("select version from automation_in_force")).rows[0].version;

type Words = { doubtPercent: number; rules: AutomationRule[] };

async function weakens(pairs: [Words, Words][]): Promise<boolean[]> {
  const { rows } = await world.owner.query<{ weakens: boolean }>(
    `select gate.automation_weakens(p -> 0, p -> 1) as weakens
     from jsonb_array_elements($1::jsonb) with ordinality as each (p, place) order by place`,
    [JSON.stringify(pairs)],
  );
  return rows.map((row) => row.weakens);
}

const TYPES = ["execution", "impact", "exfiltration"] as const;
/** Rules over few types, so that every set of them can be walked through. */
const someRules = anyRules().map((rules) =>
  rules.map((rule) => ({
    ...rule,
    minConfidence: rule.minConfidence % 3,
    incidentTypes: rule.incidentTypes && TYPES.slice(0, (rule.incidentTypes.length % 3) + 1),
  })),
);
const subsets = TYPES.reduce<string[][]>(
  (sets, type) => [...sets, ...sets.map((set) => [...set, type])],
  [[]],
);

/** In every situation there is: does the first rule that fits let more than the first of the old ones? */
function letsMore(old: AutomationRule[], changed: AutomationRule[]): boolean {
  const situations = ["collect_artifacts", "isolate_host"].flatMap((action) =>
    SEVERITIES.flatMap((severity) =>
      [0, 1, 2].flatMap((confidence) =>
        [1, 2, 3].flatMap((sources) =>
          subsets.map((types) => ({ action, severity, confidence, sources, types })),
        ),
      ),
    ),
  );
  return situations.some((at) => {
    const first = (rules: AutomationRule[]) =>
      rules.find(
        (rule) =>
          rule.action === at.action &&
          rule.minConfidence <= at.confidence &&
          rule.minSources <= at.sources &&
          (rule.severities?.includes(at.severity) ?? true) &&
          (rule.incidentTypes?.some((type) => at.types.includes(type)) ?? true),
      );
    const [before, after] = [first(old), first(changed)];
    if (!after) return false;
    return (
      !before ||
      after.maxPerHour > before.maxPerHour ||
      after.maxPerIncident > before.maxPerIncident
    );
  });
}

describe("rules let more run by themselves", () => {
  test("when any situation there is shows it, of every set of types", async () => {
    const cases = fc.sample(fc.tuple(someRules, someRules), 120);
    const changed = cases.flatMap(([rules]) => [
      [rules, rules.map((rule) => ({ ...rule, maxPerHour: Math.max(1, rule.maxPerHour - 1) }))],
      [rules, rules.map((rule) => ({ ...rule, minConfidence: rule.minConfidence + 1 }))],
      [rules, rules.slice(1)],
      [rules, rules.toReversed().map((rule, at) => ({ ...rule, number: at + 1 }))],
    ]) as [AutomationRule[], AutomationRule[]][];
    const all = [...cases, ...changed];
    const found = await weakens(
      all.map(([old, now]) => [
        { doubtPercent: 20, rules: old },
        { doubtPercent: 20, rules: now },
      ]),
    );
    expect(found).toEqual(all.map(([old, now]) => letsMore(old, now)));
    const weaker = found.filter(Boolean).length;
    expect(Math.min(weaker, found.length - weaker)).toBeGreaterThan(40);
  });

  test("whenever anything would run that would not have", async () => {
    const cases = fc.sample(fc.tuple(anyFacts(), anyRules(), anyRules()), 4000);
    const ran = cases.filter(([facts, old, now]) => {
      const runs = (rules: AutomationRule[]) =>
        judgeAutomation(
          { ...FACTS, ...pick(facts), inIncident: facts.inIncident, lastHour: facts.lastHour },
          { rules, doubtPercent: 20 },
        ).reasons.length === 0;
      return runs(now) && !runs(old);
    });
    expect(ran.length).toBeGreaterThan(5);
    const found = await weakens(
      ran.map(([, old, now]) => [
        { doubtPercent: 20, rules: old },
        { doubtPercent: 20, rules: now },
      ]),
    );
    expect(found).not.toContain(false);
  });

  test("when more doubt is borne, and not when less is", async () => {
    const doubting = (doubtPercent: number): Words => ({ doubtPercent, rules: [] });
    expect(
      await weakens([
        [doubting(20), doubting(21)],
        [doubting(20), doubting(19)],
        [doubting(20), doubting(20)],
      ]),
    ).toEqual([true, false, false]);
  });
});

describe("rules that let more run", () => {
  const MORE = { ...COLLECT, minConfidence: 40 };

  test("take two admins and a day, by what the statement itself says", async () => {
    await undone(world.owner, async (client) => {
      const before = await inForce(client);
      const draft = await draftRules(client, { admin: world.adm, rules: [MORE] });
      const { rows } = await client.query(
        "select statement::jsonb as says from automation_version where version = $1",
        [draft.version],
      );
      expect(rows[0].says).toMatchObject({ v: 2, weakens: true, delayMinutes: 1440 });
      expect(await signRules(client, draft, world.adm)).toBe("proposed");
      expect(await signRules(client, draft, eve)).toBe("scheduled");
      expect(await inForce(client)).toBe(before);
      await aDayAfterSigning(client);
      expect(await inForce(client)).toBe(draft.version);
    });
  });

  test("never come when an admin withdraws them, or stricter ones are signed, meanwhile", async () => {
    await undone(world.owner, async (client) => {
      const admins = [world.adm, eve];
      const withdrawn = await publishRules(client, { admins, rules: [MORE] });
      await withdrawRules(client, withdrawn, eve);
      const overtaken = await publishRules(client, { admins, rules: [MORE] });
      const stricter = await publishRules(client, {
        admins: [world.adm],
        rules: [{ ...COLLECT, maxPerHour: 1 }],
      });
      expect(await inForce(client)).toBe(stricter);
      await aDayAfterSigning(client);
      expect(await inForce(client)).toBe(stricter);
      const { rows } = await client.query(
        "select version, kind, by_version from automation_end order by version",
      );
      expect(rows).toEqual([
        { version: withdrawn, kind: "withdrawn", by_version: null },
        { version: overtaken, kind: "overtaken", by_version: stricter },
      ]);
    });
  });

  test("lapse when a signer is no admin any more before their time, and only then", async () => {
    const third = await secondAdmin(world);
    await undone(world.owner, async (client) => {
      const before = await inForce(client);
      const version = await publishRules(client, { admins: [world.adm, eve], rules: [MORE] });
      await client.query("update person set role = 'lead' where id = $1", [eve.id]);
      await aDayAfterSigning(client);
      expect(await inForce(client)).toBe(before);
      const { rows } = await client.query(
        "select kind, person_id from automation_end where version = $1",
        [version],
      );
      expect(rows).toEqual([{ kind: "lapsed", person_id: eve.id }]);
      const told = await client.query("select kind from trail.entry order by seq desc limit 1");
      expect(told.rows[0].kind).toBe("policy.automation_lapsed");
      const again = await publishRules(client, {
        admins: [world.adm, third],
        rules: [MORE],
        owner: client,
      });
      await client.query("update person set active = false where id = $1", [world.adm.id]);
      expect(await inForce(client)).toBe(again);
    });
  });

  test("are looked for against the rules that were signed, also where one isolates already", async () => {
    await undone(world.owner, async (client) => {
      const admins = [world.adm, eve];
      await publishRules(client, { admins, rules: [COLLECT, ISOLATE], owner: client });
      const fewer = await draftRules(client, {
        admin: world.adm,
        rules: [COLLECT, { ...ISOLATE, maxPerHour: 1 }],
      });
      expect(await signRules(client, fewer, world.adm)).toBe("proposed");
      expect(await signRules(client, fewer, eve)).toBe("in_force");
      const none = await draftRules(client, { admin: world.adm, rules: [] });
      expect(await signRules(client, none, world.adm)).toBe("in_force");
      const back = await draftRules(client, { admin: world.adm, rules: [COLLECT] });
      expect(await signRules(client, back, world.adm)).toBe("proposed");
    });
  });

  test("fall away after a day without their second signature", async () => {
    const late = () =>
      undone(world.owner, async (client) => {
        const draft = await draftRules(client, { admin: world.adm, rules: [MORE] });
        await client.query("alter table automation_version disable trigger append_only");
        await client.query(
          "update automation_version set at = at - interval '25 hours' where version = $1",
          [draft.version],
        );
        await signRules(client, draft, eve);
      });
    expect(await refusal(late)).toMatch(/^G11 stale/);
  });
});

/** What a rule looks at; everything else as it must be for anything to run. */
function pick({ action, blastRadius, severity, types, sources, ...facts }: AutomationFacts) {
  const { alertSeverity, claims, supported, contradicted } = facts;
  const counted = { alertSeverity, claims, supported, contradicted };
  return { action, blastRadius, severity, types, sources, ...counted };
}
