import { RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import { isReversible } from "#lib/domain/decision/responder.ts";
import { RESPONSE_TARGETS } from "#lib/domain/decision/words.ts";
import {
  baseUrl,
  LIMITS,
  timeLeft,
  vendorText,
  type Limits,
  type Operation,
  type Surroundings,
} from "./api.ts";
import { done, fail, fetchFailure, statusFailure, type Step } from "./failure.ts";
import { buildResponder, type Ask, type Sent } from "./frame.ts";
import type { Capability, Responder } from "./responder.ts";
import type { Secret } from "./secret.ts";
import { safeFetch } from "./safe-fetch/safe-fetch.ts";
import { signingKey, signWebhook, type SigningKey } from "./webhook-signature.ts";

export type WebhookSettings = Surroundings & {
  /** Where messages go, whole; a query is part of it. */
  url: string;
  /** `whsec_` or `whsk_`; the first is the one in force, others are on their way out. */
  keys: readonly Secret[];
};

const NAME = "The webhook's receiver";
/** Whatever a receiver says beside the status is not looked at. */
const ANSWER_BYTES = 64_000;

const CAPABILITIES: readonly Capability[] = RESPONSE_ACTION_KINDS.map((action) => ({
  action,
  targets: RESPONSE_TARGETS[action],
  does: "A signed message with ids goes to the receiver, which reads the rest here and acts by its own rules.",
  undo: isReversible(action) ? "Undo: a second message asks the receiver to take it back." : null,
  verifiedBy: "Never verified: the receiver says that it took the message, not what came of it.",
  permissions: ["its address", "a shared secret (v1) or the public key (v1a)"],
  settleSeconds: 0,
}));

/**
 * Any SOAR that takes Standard Webhooks 1.0.0. The message id is the dispatch key, so a receiver that keeps ids acts
 * once; the body of every attempt is the same, byte for byte. Throws when there is no key to sign with.
 */
export function openWebhook(settings: WebhookSettings): Responder {
  const [whole = "", query] = settings.url.split(/\?(.*)/s);
  const address = `${baseUrl(whole).href}${query === undefined ? "" : `?${query}`}`;
  const keys = settings.keys.map((key) => signingKey(key));
  const usable = keys.filter((key) => key !== null);
  if (usable.length === 0 || usable.length < keys.length)
    throw new TypeError("a webhook needs whsec_ or whsk_ keys, and nothing else");
  return buildResponder<string>({
    kind: "webhook",
    name: NAME,
    capabilities: CAPABILITIES,
    limits: settings.limits,
    now: settings.now,
    find: async (_operation, target) =>
      target.trim() === ""
        ? fail("invalid_target", "There is no target to send.")
        : done(target.trim()),
    targetOf: (id, asked) => ({ kind: "other", asked, id, name: vendorText(id) }),
    look: async () => done({ is: "free" }),
    send: (operation, _target, ask) => send(settings, { address, keys: usable }, operation, ask),
    check: async () =>
      done({
        outcome: "unknown",
        sentence: "The receiver took the message; what came of it is known there and not here.",
      }),
  });
}

async function send(
  { egress, now = Date.now, limits: own }: WebhookSettings,
  { address, keys }: { address: string; keys: readonly SigningKey[] },
  operation: Operation,
  ask: Ask & { key: string },
): Promise<Step<Sent>> {
  const limits: Limits = { ...LIMITS, ...own };
  const id = `msg_${ask.key}`;
  const body = bodyOf(ask);
  const fetched = await safeFetch(
    {
      url: address,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Countersign",
        ...signWebhook(keys, { id, atSeconds: Math.floor(now() / 1000), body }),
      },
      body,
      timeoutMs: timeLeft(operation, limits),
      bytesMax: ANSWER_BYTES,
      signal: operation.signal,
    },
    egress,
  );
  const status = fetched.ok ? fetched.answer.status : fetched.status;
  // taken by its status, whatever the rest of the answer was like
  if (status !== null && status >= 200 && status < 300) return done({ externalId: id });
  if (!fetched.ok) return fetchFailure(NAME, fetched, true);
  if (fetched.answer.status === 410)
    return fail(
      "gone",
      "The webhook's receiver wants no more messages (410); switch it off here.",
      {
        status: 410,
      },
    );
  return statusFailure(NAME, fetched.answer, { isWrite: true, vendorCode: null, now: now() });
}

/** Ids and nothing else: a target is a name of somebody, and this goes wherever the address leads. */
function bodyOf({ action, direction, origin, requestedAt }: Ask): string {
  const { run, decision, incident } = origin;
  return JSON.stringify({
    type: direction === "do" ? "response.requested" : "response.undo_requested",
    timestamp: requestedAt,
    data: { run, decision, incident, action },
  });
}
