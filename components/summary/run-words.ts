import type { LeftOut, RunRow } from "#lib/contracts/copilot-views.ts";
import type { DraftKind, RunFault, RunKind, RunState } from "#lib/domain/copilot/run.ts";

/** What the model does, while it does it. */
export const WRITING_WORDS: Record<RunKind, string> = {
  summary: "The model is writing a summary",
  repair: "The model goes over the claims that failed",
  answer: "The model is answering",
  note: "The model is drafting a note",
  handover: "The model is drafting a hand-over",
  message: "The model is drafting a message",
  probe: "The model is being probed",
  evaluation: "The model is being evaluated",
};

/** What a person sends under their own name. */
export const SENT_WORDS: Record<DraftKind, string> = {
  note: "note",
  handover: "hand-over",
  message: "message",
};

/** Where a run that has not begun stands, as sentences. */
export function waitingWords({ ahead, waitsFor }: Pick<RunRow, "ahead" | "waitsFor">): string {
  const place =
    ahead === null
      ? "It waits."
      : ahead === 0
        ? "It is next."
        : ahead === 1
          ? "One run is before it."
          : `${ahead.toLocaleString("en")} runs are before it.`;
  return waitsFor ? `${place} ${waitsFor}` : place;
}

/** What to do about an end that is no whole answer. */
const REMEDIES: Record<RunFault, string> = {
  overloaded: "The provider has too much to do; ask again in a while.",
  rate_limited: "The provider takes no more requests at present; ask again in a while.",
  spend_limit: "The provider's spending limit is reached; an admin can raise it there.",
  server: "The provider is at fault; ask again in a while.",
  timeout: "It took too long; ask again, or ask for less.",
  connection: "The provider could not be reached; ask again in a while.",
  credentials: "The provider refuses the key; an admin can replace it under Models.",
  request: "The provider does not take such a request; the run shows what it said.",
  answer: "What came back could not be read as claims; ask again.",
  worker_lost: "The process that asked has ended; ask again.",
  stopped: "The model was switched off.",
};

/**
 * How a run ended, where that is no whole answer: what happened and what to do; null for a finished one. `what` may
 * hold the provider's words.
 */
export function endWords(run: {
  state: RunState;
  error: string | null;
  fault: RunFault | null;
}): { what: string; remedy: string | null } | null {
  const { state, error, fault } = run;
  switch (state) {
    case "queued":
    case "streaming":
      return null;
    case "finished":
      return error ? { what: error, remedy: null } : null;
    case "cancelled":
      return { what: error ?? "It was cancelled.", remedy: null };
    case "refused":
      return {
        what: error ?? "The model refused to answer.",
        remedy: "Asking the same again seldom helps; the evidence and the rules summary stand.",
      };
    case "failed":
      return {
        what: error ?? "No answer came.",
        remedy: fault ? REMEDIES[fault] : "Ask again.",
      };
  }
}

/** What the model was not shown, as a sentence; null when it was shown everything. */
export function leftOutWords({ alerts, events, withheld }: LeftOut): string | null {
  const crowded = [counted(alerts, "alert"), counted(events, "event")].filter(Boolean);
  const parts = [
    crowded.length > 0 ? `${crowded.join(" and ")} for want of room` : "",
    withheld > 0 ? `${counted(withheld, "record")} too sensitive for it` : "",
  ].filter(Boolean);
  return parts.length > 0 ? `The model was not shown ${parts.join(", nor ")}.` : null;
}

function counted(count: number, noun: string): string {
  if (count === 0) return "";
  return `${count.toLocaleString("en")} ${count === 1 ? noun : `${noun}s`}`;
}
