import { parseAsString } from "nuqs/server";
import type { TrailFilter } from "#lib/browser/desk-data.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";

const text = parseAsString.withDefault("");

/** The trail's filters as they stand in the address. */
export const trailParams = {
  seq: text,
  incident: text,
  kind: text,
  actor: text,
  role: text,
  model: text,
  prompt: text,
  from: text,
  to: text,
};

export const NO_FILTER = {
  seq: null,
  incident: null,
  kind: null,
  actor: null,
  role: null,
  model: null,
  prompt: null,
  from: null,
  to: null,
} as const;

/**
 * What the address asks for. An incident may be written `INC-000123`, `inc-123` or `123`; a time without an offset is UTC;
 * what cannot be meant is not asked for.
 */
export function filterOf(asked: TrailFilter): TrailFilter {
  const number = parseIncidentNumber(asked.incident);
  return {
    seq: /^\d{1,15}$/.test(asked.seq) ? asked.seq : "",
    incident: number === null ? "" : incidentNumber(number),
    kind: /^[a-z_.,]{0,1000}$/.test(asked.kind) ? asked.kind : "",
    actor: asked.actor.slice(0, 220),
    role: asked.role.slice(0, 63),
    model: asked.model.slice(0, 200),
    prompt: asked.prompt.slice(0, 120),
    from: instantOf(asked.from),
    to: instantOf(asked.to),
  };
}

const WRITTEN =
  /^(?:19|20|21)\d{2}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** ISO 8601 in UTC of a time as a person writes it; "" when it is none. */
export function instantOf(written: string): string {
  const match = WRITTEN.exec(written.trim());
  if (!match) return "";
  const iso = match[0].replace(" ", "T");
  const whole = iso.includes("T") ? iso : `${iso}T00:00`;
  const time = new Date(match[1] ? whole : `${whole}Z`);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString();
}
