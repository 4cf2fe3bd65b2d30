"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { foldOfKey, neighbour, positionOf, recordKey } from "#components/incident/thread-keys.ts";
import type { GoTo } from "#components/incident/use-thread-scroll.ts";
import { useThread } from "#components/incident/use-thread.ts";
import type { ThreadData } from "#components/incident/use-thread.ts";
import { toast } from "#components/ui/toaster.tsx";
import type { CitationView, IncidentPageView, SummaryView } from "#lib/contracts/views.ts";
import { wentTo } from "#lib/domain/incident/went-to.ts";
import { useWide } from "./panes.tsx";
import { NO_FILTER } from "./use-place.ts";
import type { Place } from "./use-place.ts";

/** Where the reader is in the thread: the selected line, the opened record, and how to get elsewhere. */
export function useReading(
  incidentId: string,
  place: Place,
  { summaries, splits }: Pick<IncidentPageView, "summaries" | "splits">,
) {
  const thread = useThread(incidentId, place.filter, place.folded);
  const spot = useSpot(thread, place.place.record);
  const { selected, setSelected, goTo } = spot;
  const opening = useOpening(thread, spot, place, summaries);
  const moving = useMoving(thread, spot, place);
  const openLabel = useOpenLabel(thread, opening, { incidentId, splits });
  useHashLink(openLabel);
  return {
    thread,
    selected,
    setSelected,
    goTo,
    openLabel,
    ...opening,
    ...moving,
    recordOf: (evidenceId: string) => {
      const position = thread.records.placeOf(evidenceId);
      return position === undefined ? null : (thread.records.get(position) ?? null);
    },
  };
}

type Target = { key: string; align: GoTo["align"] } | { second: number; align: GoTo["align"] };
type Spot = ReturnType<typeof useSpot>;

/** The selected line, and the place the thread is told to go to. */
function useSpot({ laid, records }: ThreadData, record: string | null) {
  const [first] = useState(() => {
    const position = record === null ? undefined : records.placeOf(record);
    const known = laid?.outline.around?.position ?? position;
    return known === undefined ? null : recordKey(known);
  });
  const [selected, setSelected] = useState<string | null>(first);
  const [goTo, setGoTo] = useState<GoTo | null>(
    first === null ? null : { turn: 1, key: first, align: "auto" },
  );
  const turn = useRef(1);
  const go = useCallback((target: Target | null) => {
    turn.current += 1;
    if (target && "key" in target) setSelected(target.key);
    setGoTo(target ? { turn: turn.current, ...target } : null);
  }, []);
  return { selected, setSelected, goTo, go };
}

function useOpening(
  thread: ThreadData,
  { go }: Spot,
  { setPlace, filtered }: Place,
  summaries: readonly SummaryView[],
) {
  const wide = useWide();
  const { laid, records, setFold } = thread;
  const cited = useMemo(() => citedPlaces(summaries), [summaries]);
  /** Brings a record into view, out of its fold, and past filters that hide it: the reader asked for it. */
  const reach = (position: number) => {
    const fold = laid?.rows.foldOf(position);
    if (fold !== undefined) setFold(laid!.outline.folds[fold]!.head, true);
    const whole = laid && laid.outline.above + laid.outline.below === 0;
    if (whole && laid.rows.rowOf(position) === undefined && filtered) void setPlace(NO_FILTER);
    go({ key: recordKey(position), align: "center" });
  };
  const openRecord = (
    evidenceId: string,
    from?: { citation: CitationView; claimId: string | null },
  ) => {
    void setPlace({
      record: evidenceId,
      start: from?.citation.start ?? null,
      end: from?.citation.end ?? null,
      ...(from?.claimId ? { claim: from.claimId } : {}),
      ...(wide ? {} : { pane: "thread" as const }),
    });
    const known = records.placeOf(evidenceId) ?? cited.get(evidenceId);
    if (known !== undefined) return reach(known);
    void records.load({ id: evidenceId }).then(
      (record) => record && reach(record.position),
      () => toast.failed("The record could not be found in the thread"),
    );
  };
  /** Shows the records of a query from the first on, and nothing else. */
  const showWhere = (where: string) => {
    void setPlace({ ...NO_FILTER, where, ...(wide ? {} : { pane: "thread" as const }) });
    go(null);
  };
  /** Opens a line that is in view, and keeps it there although the record takes room below; repeats open in place. */
  const openLine = (key: string) => {
    const head = foldOfKey(key);
    if (head !== null) {
      const row = laid?.rows.rowOfFold(laid.outline.folds.findIndex((one) => one.head === head));
      const line = row === undefined ? null : laid?.rows.at(row);
      return setFold(head, !(line?.kind === "fold" && line.open));
    }
    const position = positionOf(key);
    const record = position === null ? undefined : records.get(position);
    if (!record) return;
    void setPlace({ record: record.id, start: null, end: null });
    go({ key, align: "auto" });
  };
  return { openRecord, openLine, showWhere, reach };
}

type Opening = ReturnType<typeof useOpening>;

function useMoving({ laid, records }: ThreadData, spot: Spot, { place, setPlace }: Place) {
  const { selected, go } = spot;
  const step = (by: 1 | -1) => {
    if (!laid) return;
    const key = neighbour(laid.outline, laid.rows, selected, by);
    if (!key) return;
    go({ key, align: "auto" });
    const position = positionOf(key);
    if (!place.record || position === null) return;
    void records
      .load({ position })
      .then((record) => record && setPlace({ record: record.id, start: null, end: null }), ignore);
  };
  const seekTime = (time: string) => {
    go({ second: Math.floor(Date.parse(time) / 1000), align: "center" });
  };
  return { step, seekTime };
}

/** The line stays selected; the panel goes on showing the record before it. */
function ignore() {}

/** The E12 of every record that a summary names, by its id. */
function citedPlaces(summaries: readonly SummaryView[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const { claims, notMentioned } of summaries) {
    for (const { label, evidenceId } of [
      ...claims.flatMap((claim) => claim.citations),
      ...notMentioned,
    ]) {
      const position = /^E([1-9]\d{0,8})$/.exec(label)?.[1];
      if (evidenceId && position) places.set(evidenceId, Number(position));
    }
  }
  return places;
}

/** Opens the record a label names. Its line is gone to at once; one that is not loaded here is asked for meanwhile. */
function useOpenLabel(
  { laid, records }: ThreadData,
  { openRecord, reach }: Opening,
  { incidentId, splits }: { incidentId: string; splits: IncidentPageView["splits"] },
) {
  const router = useRouter();
  return (label: string) => {
    const position = Number(label.slice(1));
    // the server knows where it is now, through however many splits and merges
    if (wentTo(splits, position)) return router.push(`/incidents/${incidentId}?e=${position}`);
    const known = records.get(position);
    if (known) return openRecord(known.id);
    if (laid?.rows.rowOf(position) !== undefined) reach(position);
    void records.load({ position }).then(
      (record) =>
        record ? openRecord(record.id) : toast.failed(`${label} is not in this incident`),
      () => toast.failed(`${label} could not be looked up`),
    );
  };
}

/** `#E12` opens that record. */
function useHashLink(openLabel: (label: string) => void) {
  const latest = useRef(openLabel);
  useEffect(() => {
    latest.current = openLabel;
  });
  useEffect(() => {
    const follow = () => {
      const label = /^#(E[1-9]\d{0,8})$/.exec(window.location.hash)?.[1];
      if (label) latest.current(label);
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
}
