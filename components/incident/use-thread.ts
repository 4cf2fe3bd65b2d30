"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { Held, useHeld } from "#lib/browser/held.ts";
import { outlineOptions } from "#lib/browser/incident-data.ts";
import { RecordStore } from "#lib/browser/record-store.ts";
import type { ThreadFilter, ThreadOutline } from "#lib/contracts/thread-views.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import { daysIn } from "#lib/domain/thread/days.ts";
import { layRows } from "#lib/domain/thread/thread-rows.ts";
import type { ThreadRows } from "#lib/domain/thread/thread-rows.ts";

/**
 * A whole thread by place: its outline with every fold closed, which folds are open, and what its lines say as far as it
 * has come. The last two change while a person reads, and only lines that show them render then.
 */
export function useThread(incidentId: string, filter: ThreadFilter, folded: boolean) {
  const query = useQuery({
    ...outlineOptions(incidentId, filter),
    placeholderData: keepPreviousData,
  });
  const [records] = useState(() => new RecordStore(`/api/incidents/${incidentId}/records`));
  const [open] = useState(() => new Held(NONE_OPEN));
  const { data, isPending, isPlaceholderData, error, refetch } = query;
  const { zone } = usePreferences();
  const closed = useMemo<LaidThread | null>(() => {
    if (!data) return null;
    records.fill(data.rows);
    const outline = folded ? data : { ...data, folds: [] };
    return { outline, rows: layRows(outline, NONE_OPEN, daysIn(zone)) };
  }, [data, folded, records, zone]);
  const setFold = useCallback(
    (head: number, shown: boolean) => {
      const before = open.read();
      if (before.has(head) === shown) return;
      const after = new Set(before);
      if (shown) after.add(head);
      else after.delete(head);
      open.set(after);
    },
    [open],
  );
  return useMemo(
    () => ({
      query: { data, isPending, isPlaceholderData, error, refetch },
      records,
      closed,
      open,
      setFold,
    }),
    [data, isPending, isPlaceholderData, error, refetch, records, closed, open, setFold],
  );
}

const NONE_OPEN: ReadonlySet<number> = new Set();

export type ThreadData = ReturnType<typeof useThread>;
export type LaidThread = { outline: ThreadOutline; rows: ThreadRows };

/** The lines with the folds that are open now. */
export function useLaid({ closed, open }: ThreadData): LaidThread | null {
  const heads = useHeld(open);
  return useMemo(() => (closed ? opened(closed, heads) : null), [closed, heads]);
}

/** The same at the moment of an act. */
export function laidNow({ closed, open }: ThreadData): LaidThread | null {
  return closed ? opened(closed, open.read()) : null;
}

function opened({ outline, rows }: LaidThread, heads: ReadonlySet<number>): LaidThread {
  return { outline, rows: rows.opened(heads) };
}
