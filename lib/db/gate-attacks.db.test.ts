import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ATTACK_TABLES, GUARD_CODES, judge } from "./testing-attacks.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

describe.each(ATTACK_TABLES)("%s is refused for the right reason", (_, attacks) => {
  test.each(attacks)("$name", async (attack) => {
    const { holds, words, state } = await judge(world, attack);
    expect({ holds, words, state }).toMatchObject({ holds: true });
  });
});

test("every guard from G0 to G22 is named by some attack", () => {
  for (let number = 0; number <= 22; number += 1) expect(GUARD_CODES).toContain(`G${number}`);
});

test("an attack refused for another reason than it names does not count as refused", async () => {
  const world = { owner: null, web: null } as unknown as World;
  const attack = (message: string, code: string) => ({
    name: "made up",
    says: "G4 the proposer may not",
    run: () => Promise.reject(Object.assign(new Error(message), { code })),
  });
  const holds = async (message: string, code: string) =>
    (await judge(world, attack(message, code))).holds;
  expect(await holds("G4 the proposer may not sign", "42501")).toBe(true);
  expect(await holds("G3 the signer's role is too low", "42501")).toBe(false);
  expect(await holds('syntax error at or near "selct"', "42601")).toBe(false);
  expect(await holds("G4 the proposer may not sign", "42601")).toBe(false);
  const passed = { ...attack("", ""), run: () => Promise.resolve() };
  expect(await judge(world, passed)).toEqual({ holds: false, words: "passed", state: null });
});
