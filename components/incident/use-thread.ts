"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState, useSyncExternalStore } from "react";
import { outlineOptions } from "#lib/browser/incident-data.ts";
import { RecordStore } from "#lib/browser/record-store.ts";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import { daysIn } from "#lib/domain/thread/days.ts";
import { layRows } from "#lib/domain/thread/thread-rows.ts";

/** A whole thread by place: its outline, its lines as they are laid out, and what they say as far as it has come. */
export function useThread(incidentId: string, filter: ThreadFilter, folded: boolean) {
  const query = useQuery({
    ...outlineOptions(incidentId, filter),
    placeholderData: keepPreviousData,
  });
  const [records] = useState(() => new RecordStore(incidentId));
  const [open, setOpen] = useState<ReadonlySet<number>>(NONE_OPEN);
  useSyncExternalStore(records.subscribe, records.version, records.version);
  const { data } = query;
  const { zone } = usePreferences();
  const laid = useMemo(() => {
    if (!data) return null;
    records.fill(data.rows);
    const outline = folded ? data : { ...data, folds: [] };
    return { outline, rows: layRows(outline, open, daysIn(zone)) };
  }, [data, folded, open, records, zone]);
  const setFold = (head: number, shown: boolean) =>
    setOpen((before) => {
      if (before.has(head) === shown) return before;
      const after = new Set(before);
      if (shown) after.add(head);
      else after.delete(head);
      return after;
    });
  return { query, records, laid, setFold };
}

const NONE_OPEN: ReadonlySet<number> = new Set();

export type ThreadData = ReturnType<typeof useThread>;
export type LaidThread = NonNullable<ThreadData["laid"]>;
