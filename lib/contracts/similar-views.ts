/** Incidents that resemble one, and what was merged into it; all times ISO 8601 UTC. */
import type { ClosureClassification } from "#lib/domain/decision/decision.ts";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { PersonView } from "./views.ts";

/** One thing that two incidents share, and what it weighs. */
export type SharedPart =
  | {
      kind: "observable";
      type: string;
      value: string;
      /** How many incidents have it, this one among them. */
      incidents: number;
      weight: number;
    }
  | { kind: "technique"; id: string; name: string; weight: number };

export type SimilarIncident = {
  id: string;
  number: string;
  title: string;
  severity: Severity;
  status: IncidentStatus;
  openedAt: string;
  /** The sum of its parts' weights. */
  score: number;
  /** The weightiest first. */
  parts: SharedPart[];
  /** What people decided of it. */
  verdict: Verdict | null;
  closed: { classification: ClosureClassification; reason: string; at: string } | null;
  /** Why it may not be merged into this one; null: it may. */
  mayNotMerge: string | null;
};

export type MergeView = {
  id: string;
  from: { id: string; number: string };
  person: PersonView;
  at: string;
  reason: string;
  /** Records that joined. */
  count: number;
  /** Why it may not be undone any more; null: it may. */
  mayNotUndo: string | null;
};

export type SimilarView = {
  similar: SimilarIncident[];
  /** Among how many incidents a value's rarity is told. */
  ofIncidents: number;
  /** What was merged into this one by hand, the newest first. */
  merges: MergeView[];
};
