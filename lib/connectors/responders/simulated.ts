import { createHash } from "node:crypto";
import { RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import { isReversible } from "#lib/domain/decision/responder.ts";
import { RESPONSE_TARGETS } from "#lib/domain/decision/words.ts";
import { vendorText, type Surroundings } from "./api.ts";
import { done, fail, type Step } from "./failure.ts";
import { buildResponder, type Checked } from "./frame.ts";
import type { Capability, Dispatched, Responder } from "./responder.ts";

/** How long the simulation takes over anything: nothing is asked, so nothing is waited for. */
export const SIMULATED_LATENCY_MS = 0;

const NAME = "Simulation";

const CAPABILITIES: readonly Capability[] = RESPONSE_ACTION_KINDS.map((action) => ({
  action,
  targets: RESPONSE_TARGETS[action],
  does: "This is a simulation: no system is asked, and nothing happens anywhere.",
  undo: isReversible(action) ? "Undo: the simulation says that it was taken back." : null,
  verifiedBy: "Verified by the simulation itself, at once; it proves nothing about any system.",
  permissions: [],
  settleSeconds: 60,
}));

/**
 * A responder that only says what one would say: the same answers for the same question, without a connection. The
 * name of the target chooses them, so that every course can be shown: `...-missing` is unknown, `...-refused` is
 * refused, `...-failed` fails later, `...-offline` never gets done. Everything else is verified at once.
 */
export function openSimulated(surroundings: Surroundings = {}): Responder {
  return buildResponder<string>({
    kind: "simulated",
    name: NAME,
    capabilities: CAPABILITIES,
    limits: surroundings.limits,
    now: surroundings.now,
    find: async (_operation, target) => find(target),
    targetOf: (id, asked) => ({ kind: "other", asked, id, name: vendorText(id) }),
    look: async () => done({ is: "free" }),
    send: async (_operation, target, { action, direction, key }) =>
      done({ externalId: `simulated-${digest([action, direction, target, key])}` }),
    check: async (_operation, dispatched) => done(check(dispatched)),
  });
}

function find(target: string): Step<string> {
  const name = target.trim();
  if (name === "") return fail("invalid_target", "A simulation needs a target too.");
  if (courseOf(name) === "missing")
    return fail("unknown_target", "Simulated: there is no such target.");
  if (courseOf(name) === "refused")
    return fail("refused", "Simulated: the system refuses the request.");
  return done(name);
}

function check({ target, direction }: Dispatched): Checked {
  const course = direction === "do" ? courseOf(target.id) : null;
  if (course === "offline")
    return {
      outcome: "pending",
      sentence: "Simulated: the target is offline.",
      checkAgainSeconds: 30,
    };
  if (course === "failed") return { outcome: "failed", sentence: "Simulated: the action failed." };
  return { outcome: "verified", sentence: "Simulated: done, and nothing happened anywhere." };
}

/** By how a login ends before its `@`, or a host in its first label. */
function courseOf(target: string): string | null {
  const name = target.split(target.includes("@") ? "@" : ".")[0] ?? "";
  return /-(missing|refused|failed|offline)$/i.exec(name)?.[1]?.toLowerCase() ?? null;
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
}
