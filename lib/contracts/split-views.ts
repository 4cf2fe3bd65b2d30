import type { PersonView } from "./views.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";

/** A split of this incident that stands, or the one that it came of. */
export type SplitView = {
  id: string;
  /** `out`: records went from this incident to the other; `in`: this one was opened for them. */
  way: "out" | "in";
  other: { id: string; number: string };
  person: PersonView;
  at: string;
  reason: string;
  /** Records that went. */
  count: number;
  /** Where they stood here, as spans: [2, 4] is E2 to E4; none for `in`. */
  places: [number, number][];
  /** Why it may not be undone any more; null: it may. */
  mayNotUndo: string | null;
};

/** What may be chosen of an incident to go. */
export type SplitChoices = {
  /** Why nothing may go; null: something may. */
  mayNotSplit: string | null;
  /** By place. */
  alerts: {
    id: string;
    label: string; // E12
    title: string;
    severity: Severity | null;
    source: string;
    at: string;
  }[];
  /** There are more alerts than these. */
  more: boolean;
};
