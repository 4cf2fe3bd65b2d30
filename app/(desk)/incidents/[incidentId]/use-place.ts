"use client";

import {
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
const PANES = ["summary", "ask", "entities", "pictures", "decisions", "thread"] as const;
export type Pane = (typeof PANES)[number];
export const SIDE_PANES: readonly Pane[] = PANES.filter((pane) => pane !== "thread");

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
};

/** Every filter of the thread, taken off. */
export const NO_FILTER = { q: null, kinds: null, sources: null, severity: null, where: null };

/** Where the reader is, as the address says it: a link opens the same record, span, claim and filters. */
export function usePlace() {
  const [place, setPlace] = useQueryStates(PLACE, { history: "replace", shallow: true });
  const { q, kinds, sources, severity, where, record, start, end } = place;
  const filter = useMemo<ThreadFilter>(
    () => ({
      q: q ?? undefined,
      kinds: kinds ?? undefined,
      sources: sources ?? undefined,
      severity: severity ?? undefined,
      where: where ?? undefined,
    }),
    [q, kinds, sources, severity, where],
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
    filtered: Boolean(q || kinds?.length || sources?.length || severity || where !== null),
    setFilter: (next: ThreadFilter) =>
      void setPlace({
        q: next.q ?? null,
        kinds: next.kinds ?? null,
        sources: next.sources ?? null,
        severity: next.severity ?? null,
        where: next.where ?? null,
      }),
  };
}

export type Place = ReturnType<typeof usePlace>;
