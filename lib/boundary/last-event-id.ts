import { RUN_EVENT_MAX } from "#lib/contracts/queries.ts";

/** The place that a reader's `Last-Event-ID` names; 0, the beginning, for anything that is no place of an event. */
export function lastEventId(header: string | null): number {
  const place = Number(header ?? 0);
  return Number.isInteger(place) && place > 0 && place <= RUN_EVENT_MAX ? place : 0;
}
