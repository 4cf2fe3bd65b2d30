"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { GoTo } from "#components/incident/thread.tsx";
import { neighbour } from "#components/incident/thread-lines.ts";
import type { ThreadLine } from "#components/incident/thread-lines.ts";
import { toast } from "#components/ui/toaster.tsx";
import { recordOfLabel, THREAD_START } from "#lib/browser/incident-data.ts";
import type { ThreadPlace } from "#lib/browser/incident-data.ts";
import type { CitationView, SummaryView } from "#lib/contracts/views.ts";
import { useWide } from "./panes.tsx";
import { NO_FILTER } from "./use-place.ts";
import type { Place } from "./use-place.ts";

type RecordLine = Extract<Extract<ThreadLine, { type: "entry" }>["entry"], { type: "record" }>;

/** Where the reader is in the thread: the selected line, the opened record, and how to get elsewhere. */
export function useReading(incidentId: string, place: Place, summaries: readonly SummaryView[]) {
  const spot = useSpot(place.place.record);
  const { lines, setLines, selected, setSelected, start, goTo } = spot;
  const records = useRecordIndex(lines, summaries);
  const opening = useOpening(spot, place);
  const moving = useMoving(spot, place);
  const openLabel = useOpenLabel(incidentId, records.idOfLabel, opening.openRecord);
  useHashLink(openLabel);
  return {
    lines,
    setLines,
    selected,
    setSelected,
    start,
    goTo,
    openLabel,
    ...opening,
    ...moving,
    ...records,
  };
}

type Target = { key: string; align: GoTo["align"] } | { time: string; align: GoTo["align"] };
type Spot = ReturnType<typeof useSpot>;

/** The loaded lines, the selected one, where the thread was opened, and the place it is told to go to. */
function useSpot(record: string | null) {
  const [lines, setLines] = useState<ThreadLine[]>([]);
  const [selected, setSelected] = useState<string | null>(record ? recordKey(record) : null);
  const [start, setStart] = useState<ThreadPlace>(record ? aroundOf(record) : THREAD_START);
  const [goTo, setGoTo] = useState<GoTo | null>(
    record ? { turn: 1, key: recordKey(record), align: "auto" } : null,
  );
  const turn = useRef(1);
  const go = useCallback((target: Target | null) => {
    turn.current += 1;
    if (target && "key" in target) setSelected(target.key);
    setGoTo(target ? { turn: turn.current, ...target } : null);
  }, []);
  return { lines, setLines, selected, setSelected, start, setStart, goTo, go };
}

function useOpening({ lines, setStart, go }: Spot, { setPlace, filtered }: Place) {
  const wide = useWide();
  const openRecord = useCallback(
    (evidenceId: string, cited?: { citation: CitationView; claimId: string | null }) => {
      void setPlace({
        record: evidenceId,
        start: cited?.citation.start ?? null,
        end: cited?.citation.end ?? null,
        ...(cited?.claimId ? { claim: cited.claimId } : {}),
        ...(wide ? {} : { pane: "thread" as const }),
      });
      const key = recordKey(evidenceId);
      if (!lines.some((line) => line.key === key)) {
        // A record hidden by the filters is still what the reader asked for.
        if (filtered) void setPlace(NO_FILTER);
        setStart(aroundOf(evidenceId));
      }
      go({ key, align: "center" });
    },
    [lines, filtered, setStart, go, setPlace, wide],
  );
  /** Shows the records of a query from the first on, and nothing else. */
  const showWhere = useCallback(
    (where: string) => {
      void setPlace({ ...NO_FILTER, where, ...(wide ? {} : { pane: "thread" as const }) });
      setStart(THREAD_START);
      go(null);
    },
    [setStart, go, setPlace, wide],
  );
  /** Opens a line that is in view, and keeps it there although the record takes room below. */
  const openLine = useCallback(
    (key: string) => {
      const record = evidenceOf(key);
      if (!record) return;
      void setPlace({ record, start: null, end: null });
      go({ key, align: "auto" });
    },
    [go, setPlace],
  );
  return { openRecord, openLine, showWhere };
}

function useMoving({ lines, selected, setStart, go }: Spot, { place, setPlace }: Place) {
  const { record } = place;
  const step = useCallback(
    (by: 1 | -1) => {
      const key = neighbour(lines, selected, by);
      if (!key) return;
      go({ key, align: "auto" });
      const id = evidenceOf(key);
      if (record && id) void setPlace({ record: id, start: null, end: null });
    },
    [lines, selected, go, record, setPlace],
  );
  const seekTime = useCallback(
    (time: string) => {
      go({ time, align: "center" });
      if (!covers(lines, time)) setStart({ from: "time", at: time });
    },
    [lines, go, setStart],
  );
  return { step, seekTime };
}

export function recordKey(evidenceId: string): string {
  return `record:${evidenceId}`;
}

/** The evidence id of a record's line, or null for any other line. */
export function evidenceOf(key: string): string | null {
  return key.startsWith("record:") ? key.slice("record:".length) : null;
}

function aroundOf(evidenceId: string): ThreadPlace {
  return { from: "around", evidenceId };
}

function covers(lines: ThreadLine[], time: string): boolean {
  const times = lines.flatMap((line) =>
    line.type === "entry" && line.entry.time ? [line.entry.time] : [],
  );
  const [first, last] = [times[0], times.at(-1)];
  return first !== undefined && last !== undefined && first <= time && time <= last;
}

/** What is known of records without opening them: from the loaded lines and from the citations. */
function useRecordIndex(lines: ThreadLine[], summaries: readonly SummaryView[]) {
  return useMemo(() => {
    const byId = new Map<string, RecordLine>();
    const byLabel = new Map<string, string>();
    for (const line of lines) {
      if (line.type !== "entry" || line.entry.type !== "record") continue;
      byId.set(line.entry.id, line.entry);
      byLabel.set(`E${line.entry.position}`, line.entry.id);
    }
    for (const { claims, notMentioned } of summaries) {
      for (const { label, evidenceId } of [
        ...claims.flatMap((claim) => claim.citations),
        ...notMentioned,
      ]) {
        if (evidenceId) byLabel.set(label, evidenceId);
      }
    }
    return {
      recordOf: (evidenceId: string) => byId.get(evidenceId) ?? null,
      idOfLabel: (label: string) => byLabel.get(label) ?? null,
    };
  }, [lines, summaries]);
}

/** Opens the record a label names; one that is not loaded here is asked for. */
function useOpenLabel(
  incidentId: string,
  idOfLabel: (label: string) => string | null,
  open: (evidenceId: string) => void,
) {
  return useCallback(
    (label: string) => {
      const known = idOfLabel(label);
      if (known) return open(known);
      void recordOfLabel(incidentId, label).then(
        (id) => (id ? open(id) : toast.failed(`${label} is not in this incident`)),
        () => toast.failed(`${label} could not be looked up`),
      );
    },
    [incidentId, idOfLabel, open],
  );
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
