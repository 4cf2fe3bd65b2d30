"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { GoTo } from "#components/incident/thread.tsx";
import { neighbour } from "#components/incident/thread-lines.ts";
import type { ThreadLine } from "#components/incident/thread-lines.ts";
import { THREAD_START } from "#lib/browser/incident-data.ts";
import type { ThreadPlace } from "#lib/browser/incident-data.ts";
import type { CitationView, SummaryView } from "#lib/contracts/views.ts";
import type { Place } from "./use-place.ts";

type RecordLine = Extract<Extract<ThreadLine, { type: "entry" }>["entry"], { type: "record" }>;

/** Where the reader is in the thread: the selected line, the opened record, and how to get elsewhere. */
export function useReading(
  { place, setPlace, filtered }: Place,
  summaries: readonly SummaryView[],
) {
  const { record } = place;
  const [lines, setLines] = useState<ThreadLine[]>([]);
  const [selected, setSelected] = useState<string | null>(record ? recordKey(record) : null);
  const [start, setStart] = useState<ThreadPlace>(record ? aroundOf(record) : THREAD_START);
  const [goTo, setGoTo] = useState<GoTo | null>(
    record ? { turn: 1, key: recordKey(record), align: "auto" } : null,
  );
  const turn = useRef(1);
  const records = useRecordIndex(lines, summaries);

  const seek = useCallback(
    (evidenceId: string) => {
      const key = recordKey(evidenceId);
      if (!lines.some((line) => line.key === key)) {
        // A record hidden by the filters is still what the reader asked for.
        if (filtered) void setPlace({ q: null, kinds: null, sources: null, severity: null });
        setStart(aroundOf(evidenceId));
      }
      turn.current += 1;
      setSelected(key);
      setGoTo({ turn: turn.current, key, align: "center" });
    },
    [lines, filtered, setPlace],
  );

  const openRecord = useCallback(
    (evidenceId: string, cited?: { citation: CitationView; claimId: string }) => {
      void setPlace({
        record: evidenceId,
        start: cited?.citation.start ?? null,
        end: cited?.citation.end ?? null,
        ...(cited ? { claim: cited.claimId } : {}),
      });
      seek(evidenceId);
    },
    [seek, setPlace],
  );

  const step = useCallback(
    (by: 1 | -1) => {
      const key = neighbour(lines, selected, by);
      if (!key) return;
      turn.current += 1;
      setSelected(key);
      setGoTo({ turn: turn.current, key, align: "auto" });
      const id = evidenceOf(key);
      if (record && id) void setPlace({ record: id, start: null, end: null });
    },
    [lines, selected, record, setPlace],
  );

  const seekTime = useCallback(
    (time: string) => {
      turn.current += 1;
      setGoTo({ turn: turn.current, time, align: "center" });
      if (!covers(lines, time)) setStart({ from: "time", at: time });
    },
    [lines],
  );

  useHashLink(records.idOfLabel, openRecord);
  return {
    lines,
    setLines,
    selected,
    setSelected,
    start,
    goTo,
    step,
    openRecord,
    seekTime,
    ...records,
  };
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

/** `#E12` opens that record; the server looks up one that is not loaded here. */
function useHashLink(
  idOfLabel: (label: string) => string | null,
  open: (evidenceId: string) => void,
) {
  const latest = useRef({ idOfLabel, open });
  useEffect(() => {
    latest.current = { idOfLabel, open };
  });
  useEffect(() => {
    const follow = () => {
      const position = /^#E(\d{1,9})$/.exec(window.location.hash)?.[1];
      if (!position) return;
      const id = latest.current.idOfLabel(`E${position}`);
      if (id) latest.current.open(id);
      else window.location.replace(`${window.location.pathname}?e=${position}`);
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
}
