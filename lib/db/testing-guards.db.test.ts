/** A guard that somebody adds without an attack must be seen: the list of guards is the catalog's, not ours. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminQuery } from "./testing.ts";
import { AUTOMATION_ATTACKS } from "./testing-attacks-automation.ts";
import { forgotten, guardsOf } from "./testing-guards.ts";
import { makeWorld, type World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const timeout = 120_000;

test(
  "every guard in the catalog has an attack that may notice its loss, or a reason why none does",
  { timeout },
  async () => {
    const guards = await guardsOf(world);
    expect(forgotten(guards)).toEqual([]);
    const kinds = Object.groupBy(guards, ({ kind }) => kind);
    for (const some of Object.values(kinds)) expect(some.length).toBeGreaterThan(20);
  },
);

test("every reason for which nothing runs by itself has an attack", async () => {
  const { rows } = await world.owner.query<{ def: string }>(
    "select pg_get_functiondef('gate.judge_automation(uuid,text,text)'::regprocedure) as def",
  );
  const all = [...rows[0]!.def.matchAll(/gate\.reason\('(G\d+)', '([^']+)'\)/g)];
  expect(all.length).toBe(rows[0]!.def.split("gate.reason(").length - 1);
  const reasons = all.map(([, code, sentence]) => `${code} ${sentence}`);
  expect(reasons.length).toBeGreaterThan(10);
  const isAttacked = (reason: string) =>
    AUTOMATION_ATTACKS.some(({ says }) => reason.startsWith(says) && says.length > "G30 ".length);
  expect(reasons.filter((reason) => !isAttacked(reason))).toEqual([]);
});

test(
  "a new refusal, trigger, check, unique index and code without an attack are forgotten",
  { timeout },
  async () => {
    await adminQuery(
      world.db.adminUrl,
      `set role countersign_owner;
     create function gate.new_guard() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
       begin perform gate.refuse('G99', 'nobody thought of this'); return new; end $$;
     create trigger new_guard before update on note for each row execute function gate.new_guard();
     alter table note add constraint never_wrong check (text is not null or true) not valid;
     create unique index new_once on note (person_id) where text = 'nobody wrote this';`,
    );
    const found = forgotten(await guardsOf(world));
    expect(found.map((text) => text.split(":")[0])).toEqual([
      "code G99",
      "refusal gate.new_guard",
      "trigger new_guard on note",
      "check never_wrong on note",
      "unique new_once",
    ]);
  },
);

test("a mutant of each kind is noticed, missed at a start, and put back", { timeout }, async () => {
  const guards = await guardsOf(world);
  const kinds = ["refusal", "trigger", "check", "unique", "right", "call", "path"] as const;
  for (const kind of kinds) {
    const guard = guards.find(
      (one) => one.kind === kind && one.attacks > 0 && one.exempt === null,
    )!;
    // what the test before added is missed at every start
    expect(await guard.without(), guard.name).toMatchObject({ isAtStart: true });
    expect((await guard.without()).noticedBy, guard.name).toBeGreaterThan(0);
  }
});
