/** One request to a model and whatever came back: what it was for, how it went, what it may cost. */

/** What a request is for. `repair` sends a summary's failed claims back once; `probe` and `evaluation` have no incident. */
export const RUN_KINDS = [
  "summary",
  "repair",
  "answer",
  "note",
  "handover",
  "message",
  "probe",
  "evaluation",
] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** Runs that read no incident, and those that do. */
export const KINDS_WITHOUT_INCIDENT: readonly RunKind[] = ["probe", "evaluation"];
export const KINDS_OF_INCIDENTS: readonly RunKind[] = RUN_KINDS.filter(
  (kind) => !KINDS_WITHOUT_INCIDENT.includes(kind),
);

/** A draft is the model's until a person sends it under their own name. */
export const DRAFT_KINDS = ["note", "handover", "message"] as const;
export type DraftKind = (typeof DRAFT_KINDS)[number];

export const RUN_STATES = [
  "queued",
  "streaming",
  "finished",
  "failed",
  "cancelled",
  "refused",
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Why a run gave no whole answer, as far as a machine cares; the sentence stands in `error`. */
export const RUN_FAULTS = [
  "overloaded",
  "rate_limited",
  "spend_limit",
  "server",
  "timeout",
  "connection",
  "credentials",
  "request",
  "answer",
  "worker_lost",
  "stopped",
] as const;
export type RunFault = (typeof RUN_FAULTS)[number];

/** Faults that say something about the provider's health: what the breaker counts. */
export const PROVIDER_FAULTS: readonly RunFault[] = [
  "overloaded",
  "server",
  "timeout",
  "connection",
];

export function isEnded(state: RunState): boolean {
  return state !== "queued" && state !== "streaming";
}

/** Higher goes first: a person who waits, then an incident nobody has read yet, then what is written anew. */
export const RUN_PRIORITY = {
  probe: 40,
  asked: 30,
  urgentSummary: 20,
  firstSummary: 10,
  newSummary: 0,
  evaluation: -10,
} as const;

/** Money is whole millionths of a US dollar. */
export const MICRO_PER_DOLLAR = 1_000_000;

/** `$0.1234`, `$12.30`, `less than $0.0001`; "nothing" for 0. */
export function moneyWords(micro: number): string {
  if (micro === 0) return "nothing";
  if (micro < 100) return "less than $0.0001";
  const dollars = micro / MICRO_PER_DOLLAR;
  return `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}
