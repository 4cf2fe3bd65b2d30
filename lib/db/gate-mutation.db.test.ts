import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  GUARD_CODES,
  GUARD_TRIGGERS,
  missedAttacks,
  missingGuards,
  withoutGuard,
} from "./testing-attacks.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

describe("a guard that is taken away is noticed by an attack that then passes or is refused otherwise", () => {
  test.each(GUARD_CODES)("guard %s", { timeout: 120_000 }, async (code) => {
    const { noticedBy, atStart } = await withoutGuard(world, code);
    expect(noticedBy).not.toEqual([]);
    expect(atStart).toContain("function gate.refuse(text,text) was changed");
    expect(await missedAttacks(world, code)).toEqual([]);
  });

  test.each(GUARD_TRIGGERS)("trigger %s", async (name) => {
    const [trigger = "", table = ""] = name.split(" on ");
    const { noticedBy, atStart } = await withoutGuard(world, name);
    expect(noticedBy).not.toEqual([]);
    expect(atStart).toContain(`trigger ${trigger} on ${qualified(table)} was changed`);
    expect(await missedAttacks(world, name)).toEqual([]);
  });

  test("put back, nothing of it is missed at a start", async () => {
    expect(await missingGuards(world)).toEqual([]);
  });
});

describe("a guard that is taken away is noticed at the next start", () => {
  const EVERY_CHANGE: [change: string, notice: string][] = [
    [
      "alter table incident disable trigger incident_gate",
      "trigger incident_gate on public.incident was changed",
    ],
    [
      "alter table incident enable replica trigger step_version",
      "trigger step_version on public.incident was changed",
    ],
    [
      "drop trigger check_sign_off on sign_off",
      "trigger check_sign_off on public.sign_off is gone",
    ],
    [
      "alter table transition drop constraint g14_legal",
      "check g14_legal on public.transition is gone",
    ],
    ["grant update on incident to countersign_web", "rights on public.incident was changed"],
    [
      "grant update (status) on incident to countersign_web",
      "rights on public.incident was changed",
    ],
    [
      "grant execute on function gate.take_effect(uuid) to countersign_web",
      "function gate.take_effect(uuid) was changed",
    ],
    ["drop function gate.sign_salt(uuid)", "function gate.sign_salt(uuid) is gone"],
    [
      "create or replace function gate.rank(p_role text) returns int language sql immutable as 'select 9'",
      "function gate.rank(text) was changed",
    ],
    [emptyView("model_in_force"), "view public.model_in_force was changed"],
    [emptyView("claim_in_force"), "view public.claim_in_force was changed"],
    [
      "alter view model_in_force set (security_barrier = true)",
      "view public.model_in_force was changed",
    ],
    ["create view gate.everyone as select * from person", "view gate.everyone was added"],
  ];
  test.each(EVERY_CHANGE)("%s", async (change, notice) => {
    const client = await world.owner.connect();
    await client.query("begin");
    await client.query(change);
    const { rows } = await client.query("select gate.missing_guards() as what");
    await client.query("rollback");
    client.release();
    expect(rows.map((row) => row.what)).toContain(notice);
  });

  test("every trigger of ours is enabled always", async () => {
    const { rows } = await world.owner.query(`
      select tgname, tgrelid::regclass::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not tgisinternal and tgenabled <> 'A' and c.relnamespace::regnamespace::text in ('public', 'trail', 'gate')`);
    expect(rows).toEqual([]);
  });

  test("every trigger on what a model is, is asked and may cost is missed by some attack", async () => {
    const { rows } = await world.owner.query(`
      select tgname || ' on ' || tgrelid::regclass::text as name from pg_trigger
      where not tgisinternal and tgname <> 'no_truncate' and tgrelid = any ('{model_config, evaluation, model_activation, model_run,
        run_event, budget_limit, model_budget, model_breaker}'::regclass[])`);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.map(({ name }) => name).filter((name) => !GUARD_TRIGGERS.includes(name))).toEqual(
      [],
    );
  });

  test("every function that runs as the owner has its search path pinned", async () => {
    const { rows } = await world.owner.query(`
      select oid::regprocedure::text from pg_proc
      where pronamespace::regnamespace::text in ('trail', 'gate')
        and not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false)`);
    expect(rows).toEqual([]);
  });

  test("an untouched database misses nothing", async () => {
    const { rows } = await world.db.pools.worker.query("select gate.missing_guards() as what");
    expect(rows).toEqual([]);
  });
});

/** The view as it is, but without a row. */
function emptyView(name: string): string {
  return `do $do$ begin execute 'create or replace view ${name} as select * from ('
    || rtrim(pg_get_viewdef('${name}'::regclass), ';') || ') as v where false'; end $do$`;
}

function qualified(table: string): string {
  return table.includes(".") ? table : `public.${table}`;
}
