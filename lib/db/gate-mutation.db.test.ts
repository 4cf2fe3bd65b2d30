import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GATE_ATTACKS } from "./testing-attacks-gate.ts";
import { ACTIVATION_ATTACKS } from "./testing-attacks-activation.ts";
import { OWNER_ATTACKS } from "./testing-attacks-owner.ts";
import { PASSKEY_ATTACKS } from "./testing-attacks-passkeys.ts";
import { APPEND_ONLY_ATTACKS } from "./testing-attacks-rights.ts";
import { REPORT_ATTACKS } from "./testing-attacks-reports.ts";
import { RUN_ATTACKS } from "./testing-attacks-runs.ts";
import { refusal } from "./testing-gate.ts";
import { makeWorld } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const ATTACKS = [
  ...GATE_ATTACKS,
  ...OWNER_ATTACKS,
  ...APPEND_ONLY_ATTACKS,
  ...ACTIVATION_ATTACKS,
  ...RUN_ATTACKS,
  ...REPORT_ATTACKS,
  ...PASSKEY_ATTACKS,
];
const GUARDS = [
  ...new Set(ATTACKS.map((attack) => attack.notices).filter((name) => name !== undefined)),
];
const CODES = GUARDS.filter((name) => /^G\d+$/.test(name));
const TRIGGERS = GUARDS.filter((name) => name.includes(" on "));

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

describe("a guard that is taken away is noticed by an attack that then passes or is refused otherwise", () => {
  test.each(CODES)("guard %s", async (code) => {
    await world.owner.query(REFUSE_WITHOUT(code));
    expect(await changedAttacks(code)).not.toEqual([]);
    await world.owner.query(REFUSE_WITHOUT("none"));
    expect(await changedAttacks(code)).toEqual([]);
  });

  test.each(TRIGGERS)("trigger %s", async (name) => {
    const [trigger = "", table = ""] = name.split(" on ");
    await world.owner.query(`alter table ${table} disable trigger ${trigger}`);
    const changed = await changedAttacks(name);
    const { rows } = await world.web.query("select gate.missing_guards() as what");
    await world.owner.query(`alter table ${table} enable always trigger ${trigger}`);
    expect(changed).not.toEqual([]);
    expect(rows.map((row) => row.what)).toContain(
      `trigger ${trigger} on ${qualified(table)} was changed`,
    );
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
    expect(rows.map(({ name }) => name).filter((name) => !TRIGGERS.includes(name))).toEqual([]);
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

/** The attacks on one guard that are no longer refused in its name. */
async function changedAttacks(guard: string): Promise<string[]> {
  const changed: string[] = [];
  for (const attack of ATTACKS.filter((candidate) => candidate.notices === guard)) {
    if (!(await holds(attack))) changed.push(attack.name);
  }
  return changed;
}

function qualified(table: string): string {
  return table.includes(".") ? table : `public.${table}`;
}

async function holds(attack: Attack): Promise<boolean> {
  return (await refusal(() => attack.run(world))).startsWith(attack.says);
}

const REFUSE_WITHOUT = (code: string): string => `
create or replace function gate.refuse(p_guard text, p_sentence text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
BEGIN${code === "none" ? "" : `\n  IF p_guard = '${code}' THEN RETURN; END IF;`}
  RAISE EXCEPTION '% %', p_guard, p_sentence USING ERRCODE = CASE p_guard WHEN 'G11' THEN '40001' ELSE '42501' END;
END $$`;
