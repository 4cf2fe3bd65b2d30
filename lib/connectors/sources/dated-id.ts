import type { Moment } from "./times.ts";

/**
 * A foreign id together with the time: sources reuse an id for a later state of the same thing, and
 * evidence must not be taken for a copy that it is not. Without a time the digest identifies.
 */
export function datedId(id: string, moment: Moment): string | null {
  return moment.iso === null ? null : `${id}/${moment.original}`;
}
