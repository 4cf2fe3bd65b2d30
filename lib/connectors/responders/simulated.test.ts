import { describe, expect, test } from "vitest";
import { RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import type { Dispatched } from "./responder.ts";
import { openSimulated, SIMULATED_LATENCY_MS } from "./simulated.ts";
import { dispatchedBy, failureOf, KEY, requested } from "./testing-faults.ts";

const now = () => Date.UTC(2026, 2, 1);

test.each(RESPONSE_ACTION_KINDS)(
  "%s is dispatched, verified, and said to be simulated",
  async (kind) => {
    const responder = openSimulated({ now });
    const dispatched = await dispatchedBy(responder, requested(kind, "ws-014"));
    const verification = await responder.verify(dispatched);
    expect(verification.outcome).toBe("verified");
    expect(`${dispatched.sentence} ${verification.sentence}`).toMatch(/Simulation .*Simulated: /s);
  },
);

test("the same question has the same answer", async () => {
  const ask = () => openSimulated({ now }).dispatch(requested("isolate_host", "ws-014"), KEY);
  expect(await ask()).toEqual(await ask());
  const other = await dispatchedBy(openSimulated({ now }), requested("isolate_host", "ws-015"));
  const first = await ask();
  expect(first.ok && first.dispatched.externalId).not.toBe(other.externalId);
  expect(SIMULATED_LATENCY_MS).toBe(0);
});

describe("a target's name chooses its course:", () => {
  test.each([
    ["ws-014-missing.corp.example", "unknown_target"],
    ["j.doe-refused@corp.example", "refused"],
    ["ws-014.offline-missing.example", null],
    [" ", "invalid_target"],
  ])("%s", async (target, code) => {
    const result = await openSimulated().dispatch(requested("isolate_host", target), KEY);
    expect(result.ok ? null : result.failure.code).toBe(code);
  });

  test("one that is offline stays pending and becomes unknown", async () => {
    let time = now();
    const responder = openSimulated({ now: () => time });
    const dispatched = await dispatchedBy(responder, requested("isolate_host", "ws-1-offline"));
    expect(await responder.verify(dispatched)).toMatchObject({ outcome: "pending" });
    time += 61_000;
    expect(await responder.verify(dispatched)).toMatchObject({ outcome: "unknown" });
  });

  test("one that fails is failed", async () => {
    const responder = openSimulated();
    const dispatched = await dispatchedBy(
      responder,
      requested("block_indicator", "host-failed.example"),
    );
    expect(await responder.verify(dispatched)).toMatchObject({ outcome: "failed" });
  });
});

test("what can be taken back is, and what cannot is said", async () => {
  const responder = openSimulated();
  const isolated = await dispatchedBy(responder, requested("isolate_host", "ws-014"));
  const undone = await responder.undo(isolated, "undo-0001");
  expect(undone).toMatchObject({ ok: true, dispatched: { direction: "undo" } });
  const ended = await dispatchedBy(responder, requested("revoke_sessions", "j.doe"));
  expect(await failureOf(responder.undo(ended, "undo-0001"))).toMatchObject({
    code: "unsupported",
  });
});

test("what another system dispatched is not taken for its own", async () => {
  const responder = openSimulated();
  const dispatched = await dispatchedBy(responder, requested("isolate_host", "ws-014"));
  const foreign: Dispatched = { ...dispatched, responder: "defender" };
  await expect(responder.verify(foreign)).rejects.toThrow(TypeError);
});
