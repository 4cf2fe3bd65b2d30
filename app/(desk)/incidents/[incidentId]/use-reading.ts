"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { foldOfKey, neighbour, positionOf, recordKey } from "#components/incident/thread-keys.ts";
import type { GoTo, Spot } from "#components/incident/use-thread-scroll.ts";
import { laidNow, useThread } from "#components/incident/use-thread.ts";
import type { ThreadData } from "#components/incident/use-thread.ts";
import { toast } from "#components/ui/toast.ts";
import { useWide } from "#components/ui/use-wide.ts";
import { Held } from "#lib/browser/held.ts";
import type { RecordEntry } from "#lib/contracts/thread-views.ts";
import type { CitationView, IncidentPageView, SummaryView } from "#lib/contracts/views.ts";
import { wentTo } from "#lib/domain/incident/went-to.ts";
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
  const cited = useMemo(() => citedPlaces(summaries), [summaries]);
  const newest = useNewest(place.place.record);
  const opening = useOpening(thread, spot, { place, cited, newest });
  const moving = useMoving(thread, spot, { place, newest });
  const openLabel = useOpenLabel(thread, opening, { incidentId, splits, newest });
  useHashLink((label) => openLabel(label, "replace"));
  return {
    thread,
    spot: spot.held,
    cited: useMemo(() => [...new Set(cited.values())], [cited]),
    openLabel: (label: string) => openLabel(label, "push"),
    ...opening,
    ...moving,
    recordOf: (evidenceId: string) => {
      const position = thread.records.placeOf(evidenceId);
      return position === undefined ? null : (thread.records.get(position) ?? null);
    },
  };
}

type Target = { key: string; align: GoTo["align"] } | { second: number; align: GoTo["align"] };
type Going = ReturnType<typeof useSpot>;

/** The selected line, and the place the thread is told to go to. */
function useSpot({ closed, records }: ThreadData, record: string | null) {
  const [held] = useState(() => {
    const position = record === null ? undefined : records.placeOf(record);
    const known = closed?.outline.around?.position ?? position;
    if (known === undefined) return new Held<Spot>({ selected: null, goTo: null });
    const key = recordKey(known);
    return new Held<Spot>({ selected: key, goTo: { turn: 1, key, align: "auto" } });
  });
  const turn = useRef(1);
  const go = useCallback(
    (target: Target | null) => {
      turn.current += 1;
      held.set({
        selected: target && "key" in target ? target.key : held.read().selected,
        goTo: target ? { turn: turn.current, ...target } : null,
      });
    },
    [held],
  );
  return { held, go };
}

/** Of what is asked for one after the other only the newest is answered, and nothing once the record was closed or the screen left. */
function useNewest(record: string | null) {
  const turn = useRef(0);
  useEffect(() => {
    if (record === null) turn.current += 1;
  }, [record]);
  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );
  return useCallback(() => {
    const own = (turn.current += 1);
    return () => turn.current === own;
  }, []);
}

type Newest = ReturnType<typeof useNewest>;
type OpeningGiven = { place: Place; cited: ReadonlyMap<string, number>; newest: Newest };

function useOpening(thread: ThreadData, { go }: Going, { place, cited, newest }: OpeningGiven) {
  const { setPlace, filtered } = place;
  const wide = useWide();
  const { closed, records, open, setFold } = thread;
  /** Brings a record into view, out of its fold, and past filters that hide it: the reader asked for it. */
  const reach = (position: number) => {
    const fold = closed?.rows.foldOf(position);
    if (fold !== undefined) setFold(closed!.outline.folds[fold]!.head, true);
    const whole = closed && closed.outline.above + closed.outline.below === 0;
    if (whole && closed.rows.rowOf(position) === undefined && filtered) void setPlace(NO_FILTER);
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
    const isNewest = newest();
    const known = records.placeOf(evidenceId) ?? cited.get(evidenceId);
    if (known !== undefined) return reach(known);
    void records.load({ id: evidenceId }).then(
      (record) => record && isNewest() && reach(record.position),
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
    if (head !== null) return setFold(head, !open.read().has(head));
    const position = positionOf(key);
    if (position === null) return;
    const isNewest = newest();
    const show = (record: RecordEntry | null | undefined) => {
      if (!record || !isNewest()) return;
      void setPlace({ record: record.id, start: null, end: null });
      go({ key, align: "auto" });
    };
    const here = records.get(position);
    if (here) return show(here);
    // its words are on their way
    void records
      .load({ position })
      .then(show, () => toast.failed(`E${position} could not be looked up`));
  };
  return { openRecord, openLine, showWhere, reach };
}

type Opening = ReturnType<typeof useOpening>;

type MovingGiven = { place: Place; newest: Newest };

function useMoving(
  thread: ThreadData,
  { held, go }: Going,
  { place: { place, setPlace }, newest }: MovingGiven,
) {
  const { records } = thread;
  const step = (by: 1 | -1) => {
    const laid = laidNow(thread);
    if (!laid) return;
    const key = neighbour(laid.outline, laid.rows, held.read().selected, by);
    if (!key) return;
    go({ key, align: "auto" });
    const position = positionOf(key);
    if (!place.record || position === null) return;
    const isNewest = newest();
    const show = (record: RecordEntry | null | undefined) => {
      if (record && isNewest()) void setPlace({ record: record.id, start: null, end: null });
    };
    void records.load({ position }).then(show, ignore);
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

type LabelGiven = {
  incidentId: string;
  splits: IncidentPageView["splits"];
  newest: Newest;
};

/** Opens the record a label names. Its line is gone to at once; one that is not loaded here is asked for meanwhile. */
function useOpenLabel(
  { closed, records }: ThreadData,
  { openRecord, reach }: Opening,
  { incidentId, splits, newest }: LabelGiven,
) {
  const router = useRouter();
  return (label: string, how: "push" | "replace") => {
    const position = Number(label.slice(1));
    // the server knows where it is now, through however many splits and merges
    if (wentTo(splits, position)) return router[how](`/incidents/${incidentId}?e=${position}`);
    const known = records.get(position);
    if (known) return openRecord(known.id);
    if (closed?.rows.rowOf(position) !== undefined) reach(position);
    const isNewest = newest();
    const show = (record: RecordEntry | null | undefined) => {
      if (!record) toast.failed(`${label} is not in this incident`);
      else if (isNewest()) openRecord(record.id);
    };
    void records
      .load({ position })
      .then(show, () => toast.failed(`${label} could not be looked up`));
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
