import type { DraftClaim } from "#lib/domain/summary/claim.ts";

/** What came of one request to a model. */
export type ModelAnswer = {
  /** As in words.md, of the run. */
  state: "finished" | "failed" | "cancelled" | "refused";
  /** The claims that were whole when the answer ended. None of a refused answer: its provider takes it back. */
  claims: DraftClaim[];
  /** Why items of the answer were not used. */
  dropped: string[];
  /** The answer came to its own end and was the object asked for. */
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
  /** Token counts as the provider gave them. */
  usage: Record<string, number> | null;
  /** The provider's id of the request. */
  requestId: string | null;
};

export type Model = {
  id: string;
  /** Sends exactly `text`, which is the JSON of `body`. Never throws for what the other side does. */
  answer: (request: { text: string; canary: string }, signal?: AbortSignal) => Promise<ModelAnswer>;
};
