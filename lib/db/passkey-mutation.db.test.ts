/** Takes each single refusal out of what checks passkeys, and asks whether an attack misses it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PASSKEY_ATTACKS } from "./testing-attacks-passkeys.ts";
import { refusal } from "./testing-gate.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const CHECKS: [name: string, refusals: number][] = [
  ["gate.check_assertion(public.sign_off, public.decision)", 10],
  ["gate.check_passkey()", 4],
  ["gate.revoke_passkey(uuid, uuid, bytea)", 4],
];

describe.each(CHECKS)("%s", (name, refusals) => {
  test(`is missed in each of its ${refusals} refusals`, async () => {
    const whole = await definitionOf(name);
    const found = [...whole.matchAll(ONE_REFUSAL)].map(([text]) => text);
    expect(found).toHaveLength(refusals);
    const unnoticed: string[] = [];
    for (const one of found) {
      await world.owner.query(whole.replace(one, ""));
      const isMissed = await someAttackChanged(one);
      await world.owner.query(whole);
      if (!isMissed || (await someAttackChanged(one))) unnoticed.push(one);
    }
    expect(unnoticed).toEqual([]);
  });
});

/** An IF without another in it that ends in a refusal. */
const ONE_REFUSAL = /\bIF (?:(?!\bIF\b)[^;])*?gate\.refuse\((?:(?!END IF)[^])*END IF;/g;

async function definitionOf(name: string): Promise<string> {
  const { rows } = await world.owner.query("select pg_get_functiondef($1::regprocedure) as text", [
    name,
  ]);
  return rows[0].text;
}

/** Whether an attack that this refusal should stop is not stopped by it. */
async function someAttackChanged(one: string): Promise<boolean> {
  for (const { says, run } of PASSKEY_ATTACKS) {
    const sentence = says.replace(/^G\d+ /, "").replaceAll("'", "''");
    if (!one.includes(`'${sentence}`)) continue;
    const words = await refusal(() => run(world));
    if (!words.startsWith(says)) return true;
  }
  return false;
}
