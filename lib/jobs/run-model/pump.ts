import type { NewRunEvent } from "#lib/commands/append-run-events.ts";
import type { DraftClaim, VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { toStreamed } from "./claim-event.ts";

/** One item of an answer, in the order of the answer: a claim, or why it cannot be used. */
export type Item =
  | { ok: true; number: number; claim: DraftClaim }
  | { ok: false; number: number; reason: string };

export type PumpOptions = {
  /** Pseudonyms back to what they stand for, then the standing; null when the claim cannot be checked. */
  verify: (claim: DraftClaim) => Promise<VerifiedClaim | null>;
  /** Stores events and tells whoever follows the run; when it throws nothing more is stored. */
  store: (events: NewRunEvent[]) => Promise<void>;
  onTrouble: (error: unknown) => void;
};

export type Pump = {
  /** Takes an item as it comes off the wire; never waits and never throws. */
  take: (item: Item) => void;
  add: (event: NewRunEvent) => void;
  notice: (sentence: string) => void;
  /** Resolves when all that was taken is stored, with the claims as stored; rejects with what went wrong. */
  drained: () => Promise<VerifiedClaim[]>;
};

/** Claims that are verified within so many ms of each other are stored at once. */
const TOGETHER_MS = 20;
const LEFT_OUT = " was left out: ";

/** Whether a notice says that an item of the answer could not be used. */
export function tellsLeftOut(sentence: string): boolean {
  return sentence.startsWith("Claim ") && sentence.includes(LEFT_OUT);
}

/**
 * Verifies and stores one item after the other, in the order they came. Items that came in while one was stored are
 * stored together.
 */
export function openPump({ verify, store, onTrouble }: PumpOptions): Pump {
  const waiting: (() => Promise<NewRunEvent>)[] = [];
  const stored: VerifiedClaim[] = [];
  let ordinal = 0;
  let working: Promise<void> | null = null;
  let trouble: { error: unknown } | null = null;

  async function work(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const events: NewRunEvent[] = [];
        const since = performance.now();
        do events.push(await waiting.shift()!());
        while (waiting.length > 0 && performance.now() - since < TOGETHER_MS);
        await store(events);
      }
    } catch (error) {
      trouble = { error };
      waiting.length = 0;
      onTrouble(error);
    } finally {
      working = null;
    }
  }
  function enqueue(make: () => Promise<NewRunEvent>): void {
    if (trouble) return;
    waiting.push(make);
    working ??= work();
  }
  async function claimEvent(number: number, claim: DraftClaim): Promise<NewRunEvent> {
    const verified = await verify(claim);
    if (!verified) return leftOut(number, "it could not be checked");
    stored.push(verified);
    return { kind: "claim", data: toStreamed(verified, ordinal++) };
  }
  const add = (event: NewRunEvent): void => enqueue(() => Promise.resolve(event));
  const notice = (sentence: string): void => add({ kind: "notice", data: { sentence } });
  return {
    take(item) {
      if (item.ok) enqueue(() => claimEvent(item.number, item.claim));
      else add(leftOut(item.number, item.reason));
    },
    add,
    notice,
    async drained() {
      while (working) await working;
      if (trouble) throw trouble.error;
      return stored;
    },
  };
}

function leftOut(number: number, reason: string): NewRunEvent {
  return { kind: "notice", data: { sentence: `Claim ${number}${LEFT_OUT}${reason}.` } };
}
