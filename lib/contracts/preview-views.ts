/** What the pane beside the queue is given of an incident: plain data, all times ISO 8601 UTC. */
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import type { Progress } from "#lib/domain/incident/task.ts";
import type { ReviewOutcome, Standing } from "#lib/domain/summary/claim.ts";
import type { PersonView, QueueRow } from "./views.ts";

export type PreviewClaim = {
  id: string;
  text: string;
  /** The standing in force. */
  standing: Standing;
  /** Words that no check covers, in UTF-16 offsets. */
  uncovered: [number, number][];
  /** What a person said of it last; null: nobody did. */
  review: ReviewOutcome | null;
};

/** The newest summary of the model, or of the rules where the model wrote none. */
export type PreviewSummary = {
  origin: "rules" | "model";
  generator: string;
  promptVersion: string | null; // "summarise/3"
  issuedAt: string;
  /** Evidence came since it was written. */
  stale: boolean;
  /** The first of them, those in front before the others. */
  claims: PreviewClaim[];
  claimCount: number;
};

export type PreviewDecision = {
  id: string;
  kind: DecisionKind;
  proposer: PersonView;
  /** Its beginning, where `cut`. */
  reason: string;
  cut: boolean;
  expiresAt: string;
};

export type IncidentPreview = {
  head: QueueRow;
  summary: PreviewSummary | null;
  /** Those most telling first; `entityCount` is of all. */
  entities: { type: string; value: string; count: number; specific: boolean }[];
  entityCount: number;
  /** ATT&CK techniques that its newest alerts name; `name` is "" for an id that ATT&CK does not have. */
  techniques: { id: string; name: string }[];
  /** How many those alerts name, and of how many alerts at most they were read. */
  techniqueCount: number;
  alertsReadMax: number;
  /** Those that wait for a signature, oldest first. */
  decisions: PreviewDecision[];
  decisionCount: number;
  /** Of its tasks; `count` 0: there are none to do. */
  progress: Progress;
  /** The last thing a person wrote about it; its beginning, where `cut`. */
  note: { person: PersonView; at: string; text: string; cut: boolean } | null;
};
