import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";
import type { ResponderFailure } from "./failure.ts";

/**
 * A system that can carry out response actions. It is asked for one action on one target at a time, by a job that
 * stores what comes back. Nothing here decides: what may be asked for was signed before.
 */
export type Responder = {
  kind: ResponderKind;
  /** As people know it: "Microsoft Defender for Endpoint". */
  name: string;
  capabilities: readonly Capability[];
  /** What dispatching would do and to what. Reads, and changes nothing in the system. */
  dryRun: (action: RequestedAction, options?: CallOptions) => Promise<DryRun>;
  /**
   * Asks the system to act. `key` is one per run of an action, the same for every attempt: a repeated dispatch finds
   * what the first one did, as far as the system lets it be found. 8 to 80 of `A-Z a-z 0-9 _ -`.
   */
  dispatch: (
    action: RequestedAction,
    key: string,
    options?: AttemptOptions,
  ) => Promise<DispatchResult>;
  /** Asks what came of it. Dispatched is not verified: only the system's own later word is. */
  verify: (dispatched: Dispatched, options?: CallOptions) => Promise<Verification>;
  /** Takes back what was dispatched; what comes back is verified like any other. */
  undo: (dispatched: Dispatched, key: string, options?: AttemptOptions) => Promise<DispatchResult>;
};

export type CallOptions = { signal?: AbortSignal };

/**
 * `mayHaveActed`: an earlier attempt with this key failed and may have acted. Where the system keeps no key, what is
 * under way or in effect is then taken for its doing, and can be taken back.
 */
export type AttemptOptions = CallOptions & { mayHaveActed?: boolean };

export type Capability = {
  action: ResponseActionKind;
  /** The kinds of observable it can be aimed at. */
  targets: readonly string[];
  /** What the system does, in a sentence. */
  does: string;
  /** How it is taken back, in a sentence; null: it cannot be. */
  undo: string | null;
  /** What tells that it happened, in a sentence. */
  verifiedBy: string;
  /** What the system's administrator has to grant, in the system's own words. */
  permissions: readonly string[];
  /** Still pending after so many seconds, its outcome is `unknown`. */
  settleSeconds: number;
};

export type RequestedAction = {
  action: ResponseActionKind;
  /** As the signed statement names it. */
  target: string;
  /** Ids that go along, so that the system's own log can be laid beside the trail. */
  origin: { run: string; decision: string; incident: string };
  /** ISO 8601 UTC; the same for every attempt. */
  requestedAt: string;
};

/** What the target is to the system. `name` is its word, made safe to show and cut to 200 characters. */
export type ActionTarget = {
  kind: "host" | "user" | "other";
  asked: string;
  id: string;
  name: string;
};

export type Direction = "do" | "undo";

/**
 * How it came about that the system is at it. `sent`: by this call. `found`: by an earlier call with this key.
 * `joined`: somebody else asked for the same and it is under way. `already`: it was so before.
 */
export type How = "sent" | "found" | "joined" | "already";

export type DryRun =
  | {
      ok: true;
      sentences: string[];
      targets: ActionTarget[];
      /** `free`: it would be sent; otherwise nothing would be. */
      standing: "free" | Exclude<How, "sent">;
      reversible: boolean;
    }
  | { ok: false; failure: ResponderFailure };

/** What the system took on. Plain data, to be stored and handed back to `verify` and `undo`. */
export type Dispatched = {
  responder: ResponderKind;
  action: ResponseActionKind;
  direction: Direction;
  target: ActionTarget;
  origin: RequestedAction["origin"];
  /** The system's own id of the action, or of what it was done to where it gives none. */
  externalId: string;
  how: How;
  sentence: string;
  key: string;
  /** ISO 8601 UTC, by this machine's clock. */
  at: string;
  /** What verification compares with; its form is the adapter's. */
  marker: string | null;
};

export type DispatchResult =
  | { ok: true; dispatched: Dispatched }
  | { ok: false; failure: ResponderFailure };

export type Verification = {
  outcome: "verified" | "pending" | "failed" | "unknown";
  sentence: string;
  /** Why it could not be asked; null when it was. */
  failure: ResponderFailure | null;
  /** When asking again makes sense; null: never. */
  checkAgainSeconds: number | null;
};
