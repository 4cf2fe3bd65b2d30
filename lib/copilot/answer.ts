import type { RunFault } from "#lib/domain/copilot/run.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { ReadClaim } from "./output.ts";

/** What came of one request to a model. */
export type ModelAnswer = {
  /** As in words.md, of the run. */
  state: "finished" | "failed" | "cancelled" | "refused";
  /** Why there is no whole answer, as far as a machine cares; null when there is one, or a refusal. */
  fault: RunFault | null;
  /** The claims that were whole when the answer ended, however it ended: each stands or falls by itself. */
  claims: DraftClaim[];
  /** Why items of the answer were not used. */
  dropped: string[];
  /** What a reader should know beside that, in sentences. */
  notices: string[];
  /** The answer came to its own end, was the object asked for, and the server read the whole request. */
  isComplete: boolean;
  stopReason: string | null;
  /** Why it is not complete, in a sentence; null when it is. */
  reason: string | null;
  /** Asking again later may help. */
  mayRetry: boolean;
  /** How long the provider asked to wait. */
  retryAfterSeconds: number | null;
  /** The exact body that came back; "" when nothing did. */
  response: string;
  /** The text that the model wrote, without the protocol around it. */
  text: string;
  /** Something stood before the object that was asked for: the server did not enforce the schema. */
  hadPreamble: boolean;
  /** Token counts as the provider gave them; null when it gave none. */
  usage: Record<string, number> | null;
  /** The counts are final: the answer ended by itself. */
  isUsageFinal: boolean;
  /** False: the request was turned away before a model saw it, so nothing can have been billed. */
  billed: boolean;
  /** The provider's id of the request. */
  requestId: string | null;
  /** The model as the provider named it. */
  modelAnswered: string | null;
  /** `leaked`: the answer held the private marker, so its input steered it. */
  canary: "kept" | "leaked";
  /** From the first byte sent. */
  latencyMs: number;
  /** Until the first claim closed; null without one. */
  firstClaimMs: number | null;
};

/** One item of an answer's `claims`, counted from 1: a claim, or why it was left out. */
export type AnswerItem = ReadClaim & { number: number };

/** What a provider needs to know of a request: the exact bytes to send, and what must not come back. */
export type SentRequest = {
  /** The exact body, as text. */
  text: string;
  canary: string;
  /** The fewest tokens that the body can be, by our estimate: a server that counts fewer has cut it. */
  fewestTokens?: number;
};

export type StreamOptions = {
  signal?: AbortSignal | undefined;
  /** Called in order the moment an item closes. What it throws, `stream` throws. */
  onItem?: ((item: AnswerItem) => void) | undefined;
};

/** A model behind one address, as its profile describes it. */
export type Provider = {
  /** The model's id. */
  id: string;
  /** Sends exactly `text`, once. Never throws for what the other side does. */
  stream: (request: SentRequest, options?: StreamOptions) => Promise<ModelAnswer>;
  /** The tokens of a request, or null when the server does not say. */
  countTokens: (request: SentRequest, signal?: AbortSignal) => Promise<number | null>;
};
