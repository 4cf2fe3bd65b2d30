import type { RawMessageStreamEvent, Usage } from "@anthropic-ai/sdk/resources/messages/messages";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { AnswerItem } from "./answer.ts";
import { withoutKey } from "./echoed-key.ts";
import { scanItems, type ScannedItem } from "./item-scanner.ts";
import { CLAIMS_MAX, readClaim, repeats } from "./output.ts";

/** What has come back of an answer so far. */
export type AnswerSoFar = {
  claims: DraftClaim[];
  dropped: string[];
  /** The model's text, of every text block. */
  text: string;
  isWhole: boolean;
  hadPreamble: boolean;
  /** The last event of the stream came. */
  isStopped: boolean;
  stopReason: string | null;
  refusal: string | null;
  usage: Record<string, number>;
  modelAnswered: string | null;
};

export type AnswerReader = {
  take: (event: RawMessageStreamEvent) => void;
  soFar: () => AnswerSoFar;
  /** The marker stood anywhere in the text, in a claim or not. */
  hasLeaked: () => boolean;
};

const COUNTED: readonly (keyof Usage)[] = [
  "input_tokens",
  "output_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
];
const WORD_MAX = 200;

/**
 * Reads the events of one answer and gives each item of its `claims` the moment it closes. Whatever the server sends
 * is data: an event of an unknown kind is nothing, and no more is kept of a word than a word may have.
 */
export function readAnswer({
  canary,
  key,
  onItem,
}: {
  canary: string;
  /** What the server was sent to be let in: never to stand in what is read. */
  key: string | null;
  onItem?: ((item: AnswerItem) => void) | undefined;
}): AnswerReader {
  const state = begin();
  const texts: string[] = [];
  let number = 0;
  const scanner = scanItems((item) => {
    number += 1;
    takeItem(state, item, { number, canary, key, onItem });
  });
  return {
    take(event) {
      note(state, event, key);
      // text deltas only, of whichever block: the first block is often an empty thinking block
      if (event.type !== "content_block_delta" || event.delta?.type !== "text_delta") return;
      const { text } = event.delta;
      if (typeof text !== "string") return;
      texts.push(text);
      scanner.push(text);
    },
    soFar: () => ({
      ...state,
      text: texts.join(""),
      isWhole: scanner.isWhole(),
      hadPreamble: scanner.hadPreamble(),
    }),
    hasLeaked: () => repeats(texts.join(""), canary),
  };
}

function begin(): AnswerSoFar {
  return {
    claims: [],
    dropped: [],
    text: "",
    isWhole: false,
    hadPreamble: false,
    isStopped: false,
    stopReason: null,
    refusal: null,
    usage: {},
    modelAnswered: null,
  };
}

type Taking = {
  number: number;
  canary: string;
  key: string | null;
  onItem: ((item: AnswerItem) => void) | undefined;
};

function takeItem(state: AnswerSoFar, item: ScannedItem, taking: Taking): void {
  const { number, canary, key, onItem } = taking;
  // a list without end is not read to its end
  if (number > CLAIMS_MAX + 1) return;
  const read =
    number > CLAIMS_MAX
      ? ({ ok: false, reason: `an answer has at most ${CLAIMS_MAX} claims` } as const)
      : item.ok
        ? readClaim(item.value, canary, key)
        : item;
  if (read.ok) state.claims.push(read.claim);
  else {
    const what = number > CLAIMS_MAX ? `Claim ${number} and what follows it` : `Claim ${number}`;
    state.dropped.push(`${what} was left out: ${read.reason}.`);
  }
  onItem?.({ ...read, number });
}

function note(state: AnswerSoFar, event: RawMessageStreamEvent, key: string | null): void {
  if (event.type === "message_start") {
    Object.assign(state.usage, counts(event.message?.usage));
    state.modelAnswered = word(event.message?.model, key);
  }
  if (event.type === "message_stop") state.isStopped = true;
  if (event.type !== "message_delta") return;
  Object.assign(state.usage, counts(event.usage));
  state.stopReason = word(event.delta?.stop_reason, key);
  if (state.stopReason === "refusal")
    state.refusal = word(event.delta.stop_details?.category, key) ?? "no category given";
}

function counts(usage: object | null | undefined): Record<string, number> {
  if (!usage) return {};
  const given = usage as Record<string, unknown>;
  const details = given["output_tokens_details"] as Record<string, unknown> | null | undefined;
  const named: [string, unknown][] = COUNTED.map((name) => [name, given[name]]);
  named.push(["thinking_tokens", details?.["thinking_tokens"]]);
  return Object.fromEntries(
    named.filter(
      (entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && Number(entry[1]) >= 0,
    ),
  );
}

/** A word of the protocol, as Postgres can keep it. */
function word(value: unknown, key: string | null): string | null {
  if (typeof value !== "string" || value === "") return null;
  return withoutKey(value, key).slice(0, WORD_MAX).toWellFormed().replaceAll("\u0000", "\u2400");
}
