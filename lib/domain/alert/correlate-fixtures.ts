import type { Observable } from "#lib/domain/evidence/record.ts";
import { planIncidents } from "./correlate.ts";
import type { CandidateIncident, CorrelationInput, CorrelationRecord } from "./correlate.ts";

export const NOON = Date.parse("2026-03-01T12:00:00Z");
export const HOUR = 3_600_000;

export function observables(keys: string): Observable[] {
  return keys.split(" ").map((key) => {
    const colon = key.indexOf(":");
    return { type: key.slice(0, colon) as Observable["type"], value: key.slice(colon + 1) };
  });
}

export type Given = Partial<CorrelationRecord> & { keys?: string; hours?: number };

export function records(given: Given[]): CorrelationRecord[] {
  return given.map(({ keys, hours = 0, ...rest }, ref) => ({
    ref,
    kind: "alert",
    recordKey: `r${ref}`,
    at: NOON + hours * HOUR,
    sourceIncidentId: null,
    alertIds: [],
    observables: keys ? observables(keys) : [],
    rule: null,
    ...rest,
  }));
}

export function plan(given: Given[], rest: Partial<CorrelationInput> = {}) {
  return planIncidents({
    requestKey: null,
    records: records(given),
    incidents: [],
    alertHomes: new Map(),
    namedBy: new Map(),
    ubiquitous: new Set(),
    ...rest,
  });
}

/** The refs of each group, and the loose ones: `[[0, 1], [2]] | [3]`. */
export function shape(given: Given[], rest: Partial<CorrelationInput> = {}): string {
  const { groups, loose } = plan(given, rest);
  const inGroups = groups.map(
    ({ incidentId, members }) =>
      `${incidentId ?? ""}[${members
        .map(({ ref }) => ref)
        .toSorted((a, b) => a - b)
        .join(" ")}]`,
  );
  return `${inGroups.join(" ")} | ${loose.toSorted((a, b) => a - b).join(" ")}`.trim();
}

export function incident(
  id: string,
  change: Partial<CandidateIncident> & { keys?: string } = {},
): CandidateIncident {
  const { keys, ...rest } = change;
  const hits = keys ? observables(keys).map((one) => ({ ...one, first: NOON, last: NOON })) : [];
  return {
    id,
    number: 1,
    sourceKey: null,
    keyed: (change.sourceKey ?? null) !== null,
    closed: false,
    untouched: true,
    alertCount: 1,
    eventCount: 0,
    hits,
    ...rest,
  };
}
