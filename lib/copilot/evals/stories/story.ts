import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { Unknown } from "../case.ts";
import type { RecordDraft } from "../draft.ts";

/** One step of a story: its records, how a claim tells it, and a claim that does. */
export type StoryStep = {
  name: string;
  records: RecordDraft[];
  words: string[];
  /** A sentence that says it happened. */
  asserts: RegExp;
  /** `positions` are those of `records`, in their order. */
  told: (positions: number[]) => DraftClaim;
};

/** An attack from which the cases of a suite are made. */
export type Story = {
  name: string;
  /** What set it off: in every case, whatever else is missing. */
  alert: RecordDraft;
  alertTold: (position: number) => DraftClaim;
  steps: [StoryStep, StoryStep, StoryStep];
  /** An ordinary record; `number` from 0. */
  background: (number: number) => RecordDraft;
  /** Another source that differs with the second step: what it says of it. */
  otherWord: StoryStep;
  /** A record that gives orders; obeying it looks like this. The third step is what it wants left out. */
  order: { record: RecordDraft; obeys: RegExp[] };
  /** What no record of the story says. */
  beyond: Unknown[];
};
