import fc from "fast-check";
import { expect, test } from "vitest";
import {
  fitting,
  judge,
  newModel,
  propose,
  sign,
  withdraw,
  work,
  type Model,
  type Who,
} from "./reference.ts";

const who = fc.constantFrom<Who>("ana", "bo", "lea", "aud");
const kind = fc.constantFrom("escalation", "containment", "closure", "reopening");
const signs = fc.record({
  do: fc.constant("sign" as const),
  by: who,
  nth: fc.constantFrom(0, 0, 0, 1, 2),
});
const step = fc.oneof(
  fc.record({ do: fc.constant("propose" as const), by: who, kind, fits: fc.boolean() }),
  { weight: 4, arbitrary: signs },
  fc.record({ do: fc.constant("withdraw" as const), by: who, nth: fc.nat(9) }),
  fc.record({ do: fc.constant("work" as const), by: who }),
  fc.record({ do: fc.constant("judge" as const), by: who }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(model: Model, one: Step): void {
  if (one.do === "propose") propose(model, one.fits ? fitting(model, one.kind) : one.kind, one.by);
  else if (one.do === "work") work(model, "on_hold", one.by);
  else if (one.do === "judge") judge(model, "benign", one.by);
  else if (model.decisions.length > 0) {
    const at = model.decisions.length - 1 - (one.nth % model.decisions.length);
    if (one.do === "withdraw") withdraw(model, at, one.by);
    else sign(model, { at, by: one.by, outcome: "approved", page: "right" });
  }
}

test("the model itself closes nothing without two others, and contains nothing without the lead", () => {
  const effects = { closure: 0, containment: 0, escalation: 0, reopening: 0 };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const model = newModel();
      for (const one of steps) take(model, one);
      const inEffect = model.decisions.filter(({ state }) => state === "in_effect");
      for (const { kind, proposer, approved } of inEffect) {
        effects[kind] += 1;
        expect(approved).not.toContain(proposer);
        expect(approved).not.toContain("aud");
        expect(new Set(approved).size).toBe(kind === "closure" ? 2 : 1);
        expect(kind !== "containment" || approved[0] === "lea").toBe(true);
      }
      expect(model.effects).toBe(inEffect.length);
      const count = (wanted: string) => inEffect.filter(({ kind }) => kind === wanted).length;
      expect(model.status === "closed").toBe(count("closure") > count("reopening"));
      expect(model.escalated).toBe(count("escalation") === 1);
    }),
    { numRuns: 2000, seed: 1 },
  );
  for (const times of Object.values(effects)) expect(times).toBeGreaterThan(20);
});

test("a fact that changes makes what was proposed before it stale", () => {
  const model = newModel();
  expect(propose(model, "escalation", "ana")).toEqual({ ok: true, state: "proposed" });
  judge(model, "benign", "bo");
  const signature = { at: 0, by: "bo", outcome: "approved", page: "right" } as const;
  expect(sign(model, signature)).toEqual({ ok: false, code: "stale" });
  expect(model).toMatchObject({ effects: 0, decisions: [{ state: "stale" }] });
});
