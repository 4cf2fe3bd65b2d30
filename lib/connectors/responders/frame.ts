import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";
import { LIMITS, type Limits, type Operation } from "./api.ts";
import { done, fail, type ResponderFailure, type Step } from "./failure.ts";
import type {
  ActionTarget,
  AttemptOptions,
  CallOptions,
  Capability,
  Direction,
  Dispatched,
  DispatchResult,
  DryRun,
  How,
  RequestedAction,
  Responder,
  Verification,
} from "./responder.ts";

/** What every responder does alike: refuse what it does not know, look before it acts, keep to the clock. */

/** What is asked of the system. `key` null: a dry run. */
export type Ask = {
  action: ResponseActionKind;
  direction: Direction;
  origin: RequestedAction["origin"];
  requestedAt: string;
  key: string | null;
};

/** Nothing stands in the way, or there is nothing left to do. */
export type Standing =
  | { is: "free" }
  | { is: Exclude<How, "sent">; externalId: string; marker?: string };

export type Sent = { externalId: string; marker?: string; how?: How };

export type Checked = Pick<Verification, "outcome" | "sentence"> & { checkAgainSeconds?: number };

/** A system as its adapter knows it; `Found` is the target with what was read of it. */
export type Adapter<Found> = {
  kind: ResponderKind;
  name: string;
  capabilities: readonly Capability[];
  limits?: Partial<Limits> | undefined;
  now?: (() => number) | undefined;
  /** Reads who or what the target is. */
  find: (operation: Operation, target: string, action: ResponseActionKind) => Promise<Step<Found>>;
  targetOf: (found: Found, asked: string) => ActionTarget;
  /** Reads whether it is so already, or under way. */
  look: (operation: Operation, found: Found, ask: Ask) => Promise<Step<Standing>>;
  send: (operation: Operation, found: Found, ask: Ask & { key: string }) => Promise<Step<Sent>>;
  check: (operation: Operation, dispatched: Dispatched) => Promise<Step<Checked>>;
  /** The system keeps keys, so that `look` tells one's own doing from somebody else's. */
  keepsKeys?: boolean;
};

type Verbs = Record<Direction, (target: string) => string>;

const VERBS: Record<ResponseActionKind, Verbs> = {
  isolate_host: {
    do: (target) => `cut ${target} off from the network`,
    undo: (target) => `let ${target} back on the network`,
  },
  disable_account: {
    do: (target) => `disable the account ${target}`,
    undo: (target) => `enable the account ${target} again`,
  },
  revoke_sessions: {
    do: (target) => `end all sessions of ${target}`,
    undo: (target) => `take back the end of the sessions of ${target}`,
  },
  block_indicator: {
    do: (target) => `block ${target}`,
    undo: (target) => `stop blocking ${target}`,
  },
  quarantine_file: {
    do: (target) => `quarantine ${target}`,
    undo: (target) => `restore ${target} from quarantine`,
  },
  collect_artifacts: {
    do: (target) => `collect an investigation package from ${target}`,
    undo: (target) => `withdraw the collection from ${target}`,
  },
};

const HOW: Record<How, (name: string, verb: string) => string> = {
  sent: (name, verb) => `${name} was asked to ${verb} and took it on.`,
  found: (name, verb) =>
    `${name} had been asked to ${verb} by an earlier attempt; nothing was sent again.`,
  joined: (name, verb) =>
    `Somebody else had asked ${name} to ${verb}, and it is under way; nothing was sent.`,
  already: (name, verb) => `There was nothing left to do for ${name} to ${verb}; nothing was sent.`,
};

const AHEAD: Record<"free" | Exclude<How, "sent">, (name: string, verb: string) => string> = {
  free: (name, verb) => `Would ask ${name} to ${verb}.`,
  found: (name, verb) => `${name} was asked to ${verb} before; nothing would be sent.`,
  joined: (name, verb) =>
    `Somebody else asked ${name} to ${verb}, and it is under way; nothing would be sent.`,
  already: (name, verb) =>
    `There is nothing left to do for ${name} to ${verb}; nothing would be sent.`,
};

export function buildResponder<Found>(adapter: Adapter<Found>): Responder {
  return {
    kind: adapter.kind,
    name: adapter.name,
    capabilities: adapter.capabilities,
    dryRun: (action, options) => dryRun(adapter, action, options),
    dispatch: (action, key, options) => dispatch(adapter, action, key, options),
    verify: (dispatched, options) => verify(adapter, dispatched, options),
    undo: (dispatched, key, options) => undo(adapter, dispatched, key, options),
  };
}

async function dryRun<Found>(
  adapter: Adapter<Found>,
  requested: RequestedAction,
  options?: CallOptions,
): Promise<DryRun> {
  const known = capabilityOf(adapter, requested.action);
  if (!known.ok) return known;
  const operation = begin(adapter, options);
  const ask: Ask = { ...requested, direction: "do", key: null };
  const ahead = await findAndLook(adapter, operation, requested.target, ask);
  if (!ahead.ok) return ahead;
  const { found, standing } = ahead.value;
  const target = adapter.targetOf(found, requested.target);
  const { undo: way, does, verifiedBy } = known.value;
  return {
    ok: true,
    sentences: [
      AHEAD[standing.is](adapter.name, VERBS[requested.action].do(nameOf(target))),
      does,
      way ?? "It cannot be undone.",
      verifiedBy,
    ],
    targets: [target],
    standing: standing.is,
    reversible: way !== null,
  };
}

async function dispatch<Found>(
  adapter: Adapter<Found>,
  requested: RequestedAction,
  key: string,
  options?: AttemptOptions,
): Promise<DispatchResult> {
  const known = capabilityOf(adapter, requested.action);
  if (!known.ok) return known;
  return act(adapter, { ...requested, direction: "do", key: checkedKey(key) }, options);
}

async function undo<Found>(
  adapter: Adapter<Found>,
  dispatched: Dispatched,
  key: string,
  options?: AttemptOptions,
): Promise<DispatchResult> {
  const { action, how, origin } = ours(adapter, dispatched);
  const known = capabilityOf(adapter, action);
  if (!known.ok) return known;
  if (known.value.undo === null || dispatched.direction === "undo")
    return fail("unsupported", `${adapter.name} cannot take this back.`);
  if (how === "already" || how === "joined")
    return fail(
      "not_ours",
      "It was not this dispatch that brought it about, so it is not taken back from here.",
    );
  const again = {
    action,
    origin,
    direction: "undo",
    requestedAt: dispatched.at,
    key: checkedKey(key),
  } as const;
  return act(adapter, { ...again, target: dispatched.target.id }, options, dispatched.target);
}

/** Finds, looks, and sends unless there is nothing to send. */
async function act<Found>(
  adapter: Adapter<Found>,
  { target: asked, ...ask }: Ask & { key: string; target: string },
  options: AttemptOptions | undefined,
  before?: ActionTarget,
): Promise<DispatchResult> {
  const operation = begin(adapter, options);
  const ahead = await findAndLook(adapter, operation, asked, ask);
  if (!ahead.ok) return ahead;
  const { found, standing } = ahead.value;
  const sent: Step<Sent> =
    standing.is === "free"
      ? await adapter.send(operation, found, ask)
      : done({ ...standing, how: isOwnDoing(adapter, options) ? "found" : standing.is });
  if (!sent.ok) return onlyFailure(sent);
  const { externalId, marker = null, how = "sent" } = sent.value;
  const target = before ?? adapter.targetOf(found, asked);
  const dispatched: Dispatched = {
    responder: adapter.kind,
    action: ask.action,
    direction: ask.direction,
    origin: ask.origin,
    key: ask.key,
    target,
    externalId,
    marker,
    how,
    sentence: HOW[how](adapter.name, VERBS[ask.action][ask.direction](nameOf(target))),
    at: new Date(clockOf(adapter)).toISOString(),
  };
  return { ok: true, dispatched };
}

function isOwnDoing<Found>(
  { keepsKeys = false }: Adapter<Found>,
  options: AttemptOptions | undefined,
): boolean {
  return options?.mayHaveActed === true && !keepsKeys;
}

async function findAndLook<Found>(
  adapter: Adapter<Found>,
  operation: Operation,
  target: string,
  ask: Ask,
): Promise<Step<{ found: Found; standing: Standing }>> {
  const found = await adapter.find(operation, target, ask.action);
  if (!found.ok) return onlyFailure(found);
  const standing = await adapter.look(operation, found.value, ask);
  if (!standing.ok) return onlyFailure(standing);
  return done({ found: found.value, standing: standing.value });
}

/** An adapter's step may carry what the system wrote, for itself to look at; that stays inside. */
function onlyFailure({ failure }: { failure: ResponderFailure }): {
  ok: false;
  failure: ResponderFailure;
} {
  return { ok: false, failure };
}

async function verify<Found>(
  adapter: Adapter<Found>,
  dispatched: Dispatched,
  options?: CallOptions,
): Promise<Verification> {
  const { action, at } = ours(adapter, dispatched);
  const checked = await adapter.check(begin(adapter, options), dispatched);
  if (!checked.ok) {
    const { failure } = checked;
    const again = failure.retryable ? (failure.retryAfterSeconds ?? 60) : null;
    return { outcome: "unknown", sentence: failure.sentence, failure, checkAgainSeconds: again };
  }
  const { outcome, sentence, checkAgainSeconds = null } = checked.value;
  const settleSeconds = capabilityOf(adapter, action);
  const waitedSeconds = (clockOf(adapter) - Date.parse(at)) / 1000;
  if (
    outcome === "pending" &&
    settleSeconds.ok &&
    waitedSeconds > settleSeconds.value.settleSeconds
  ) {
    const minutes = Math.floor(waitedSeconds / 60);
    const late = `${sentence} It has been so for ${minutes} minutes; look at the system itself.`;
    return { outcome: "unknown", sentence: late, failure: null, checkAgainSeconds };
  }
  return { outcome, sentence, failure: null, checkAgainSeconds };
}

function capabilityOf<Found>(
  { capabilities, name }: Adapter<Found>,
  action: ResponseActionKind,
): Step<Capability> {
  const known = capabilities.find((one) => one.action === action);
  return known ? done(known) : fail("unsupported", `${name} does not do this.`);
}

function begin<Found>({ limits }: Adapter<Found>, options?: CallOptions): Operation {
  const operationMs = limits?.operationMs ?? LIMITS.operationMs;
  return { signal: options?.signal, endsAt: performance.now() + operationMs };
}

function clockOf<Found>({ now }: Adapter<Found>): number {
  return now ? now() : Date.now();
}

/** A key of another form is a mistake of the caller: it goes into headers and comments. */
function checkedKey(key: string): string {
  if (/^[\w-]{8,80}$/.test(key)) return key;
  throw new TypeError("a dispatch key has 8 to 80 letters, digits, hyphens and underscores");
}

function ours<Found>({ kind }: Adapter<Found>, dispatched: Dispatched): Dispatched {
  if (dispatched.responder === kind) return dispatched;
  throw new TypeError(`what ${dispatched.responder} dispatched was handed to ${kind}`);
}

function nameOf({ name, id }: ActionTarget): string {
  return name === id ? name : `${name} (${id})`;
}
