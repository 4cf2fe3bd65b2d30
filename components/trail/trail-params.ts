import { parseAsString } from "nuqs/server";
import type { TrailFilter } from "#lib/browser/desk-data.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";

/** The trail's filters as they stand in the address. */
export const trailParams = {
  incident: parseAsString.withDefault(""),
  kind: parseAsString.withDefault(""),
};

/** What the address asks for; an incident may be written `INC-000123`, `inc-123` or `123`. */
export function filterOf({ incident, kind }: TrailFilter): TrailFilter {
  const number = parseIncidentNumber(incident);
  return {
    incident: number === null ? "" : incidentNumber(number),
    kind: /^[a-z_]+\.[a-z_]+$/.test(kind) ? kind : "",
  };
}
