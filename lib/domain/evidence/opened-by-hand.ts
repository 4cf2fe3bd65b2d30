import type { Severity } from "#lib/domain/incident/severity.ts";
import { CATEGORY_WORDS } from "./by-hand.ts";
import type { IncidentCategory } from "./by-hand.ts";
import type { NormalRecord } from "./record.ts";

/** What a person says of the incident that they open. */
export type OpenedByHand = {
  title: string;
  category: IncidentCategory;
  severity: Severity;
  description: string;
};

/** The normal form of that: a grouping of no alerts yet, whose title and severity are the incident's. */
export function openedByHand({
  title,
  category,
  severity,
  description,
}: OpenedByHand): NormalRecord {
  return {
    recordId: null,
    format: "hand-incident",
    kind: "incident",
    time: null,
    timeOriginal: null,
    timeQuality: "missing",
    severity,
    title,
    fields: {
      "alert.title": title,
      "alert.description": description,
      "alert.category": CATEGORY_WORDS[category],
      severity,
    },
    sourceIncidentId: null,
    alertIds: [],
    observables: [],
  };
}
