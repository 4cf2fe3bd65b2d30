import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GATE_ATTACKS } from "./testing-attacks-gate.ts";
import { ACTIVATION_ATTACKS } from "./testing-attacks-activation.ts";
import { OWNER_ATTACKS } from "./testing-attacks-owner.ts";
import { PASSKEY_ATTACKS } from "./testing-attacks-passkeys.ts";
import { APPEND_ONLY_ATTACKS, RIGHTS_ATTACKS } from "./testing-attacks-rights.ts";
import { REPORT_ATTACKS } from "./testing-attacks-reports.ts";
import { RUN_ATTACKS } from "./testing-attacks-runs.ts";
import { refusal } from "./testing-gate.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

describe.each([
  ["an attack by right", RIGHTS_ATTACKS],
  ["an attack on rows that never change", APPEND_ONLY_ATTACKS],
  ["an attack by the web login on the gate", GATE_ATTACKS],
  ["an attack by the owner on the gate", OWNER_ATTACKS],
  ["an attack on what model is in force", ACTIVATION_ATTACKS],
  ["an attack on runs and what they may cost", RUN_ATTACKS],
  ["an attack on the register of reports", REPORT_ATTACKS],
  ["an attack on passkeys", PASSKEY_ATTACKS],
])("%s is refused for the right reason", (_, attacks) => {
  test.each(attacks)("$name", async ({ says, run }) => {
    const words = await refusal(() => run(world));
    expect(words.slice(0, says.length)).toBe(says);
  });
});

test("every guard from G0 to G21 is named by some attack", () => {
  const all = [
    ...GATE_ATTACKS,
    ...OWNER_ATTACKS,
    ...ACTIVATION_ATTACKS,
    ...RUN_ATTACKS,
    ...REPORT_ATTACKS,
    ...PASSKEY_ATTACKS,
  ];
  const named = all.map((attack) => attack.notices);
  for (let number = 0; number <= 21; number += 1) expect(named).toContain(`G${number}`);
});
