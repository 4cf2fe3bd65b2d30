"use client";

import {
  createParser,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import { PICTURE_LOOKS } from "#components/pictures/looks.ts";
import { SUMMARY_LOOKS } from "#components/summary/summary-pane.tsx";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";

/** `thread` is a pane of its own only where there is no room for two. */
const PANES = [
  "summary",
  "ask",
  "entities",
  "pictures",
  "similar",
  "tasks",
  "decisions",
  "thread",
] as const;
export type Pane = (typeof PANES)[number];
export const SIDE_PANES: readonly Pane[] = PANES.filter((pane) => pane !== "thread");

/** A time as the address holds it; what is none is no filter. */
const parseAsTime = createParser({
  parse: (text) => {
    const time = /^(19|20|21)\d\d-/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  },
  serialize: (time: string) => time,
});

const PLACE = {
  /** The record whose raw view is open, and the cited span in it. */
  record: parseAsString,
  start: parseAsInteger,
  end: parseAsInteger,
  claim: parseAsString,
  pane: parseAsStringLiteral(PANES).withDefault("summary"),
  summary: parseAsStringLiteral(SUMMARY_LOOKS),
  picture: parseAsStringLiteral(PICTURE_LOOKS).withDefault("graph"),
  /** The run of a question or draft. */
  ask: parseAsString,
  q: parseAsString,
  kinds: parseAsArrayOf(parseAsString),
  sources: parseAsArrayOf(parseAsString),
  severity: parseAsStringLiteral(SEVERITIES),
  /** A verifier's query, as the checks of a claim link to it. */
  where: parseAsString,
  /** An observable, `user:svc-backup`. */
  entity: parseAsString,
  /** The stretch of time, ISO 8601. */
  from: parseAsTime,
  to: parseAsTime,
  pinned: parseAsStringLiteral(["1"]),
  /** `no`: repeats stand one by one. */
  fold: parseAsStringLiteral(["no"]),
};

/** Every filter of the thread, taken off. */
export const NO_FILTER = {
  ...{ q: null, kinds: null, sources: null, severity: null, where: null },
  ...{ entity: null, from: null, to: null, pinned: null },
};

/** Where the reader is, as the address says it: a link opens the same record, span, claim and filters. */
export function usePlace() {
  const [place, setPlace] = useQueryStates(PLACE, { history: "replace", shallow: true });
  const { record, start, end } = place;
  const { q, kinds, sources, severity, where, entity, from, to, pinned } = place;
  const filter = useMemo<ThreadFilter>(
    () => ({
      q: q ?? undefined,
      kinds: kinds ?? undefined,
      sources: sources ?? undefined,
      severity: severity ?? undefined,
      where: where ?? undefined,
      entity: entity ?? undefined,
      from: from ?? undefined,
      to: to ?? undefined,
      pinned: pinned ? true : undefined,
    }),
    [q, kinds, sources, severity, where, entity, from, to, pinned],
  );
  const span = useMemo(
    () => (record && start !== null && end !== null && end > start ? { start, end } : null),
    [record, start, end],
  );
  return {
    place,
    setPlace,
    filter,
    span,
    folded: place.fold !== "no",
    setFolded: (folded: boolean) => void setPlace({ fold: folded ? null : "no" }),
    filtered: isFiltered(filter),
    setFilter: (next: ThreadFilter) =>
      void setPlace({
        q: next.q ?? null,
        kinds: next.kinds ?? null,
        sources: next.sources ?? null,
        severity: next.severity ?? null,
        where: next.where ?? null,
        entity: next.entity ?? null,
        from: next.from ?? null,
        to: next.to ?? null,
        pinned: next.pinned ? "1" : null,
      }),
  };
}

export type Place = ReturnType<typeof usePlace>;

function isFiltered(filter: ThreadFilter): boolean {
  return Object.values(filter).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined,
  );
}
