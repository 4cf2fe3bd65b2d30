"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import { threadOptions } from "#lib/browser/incident-data.ts";
import type { ThreadPlace } from "#lib/browser/incident-data.ts";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import { threadLines } from "./thread-lines.ts";

/** The loaded stretch of a thread, which grows at both ends; `start` is where it was opened. */
export function useThread(incidentId: string, filter: ThreadFilter, start: ThreadPlace) {
  const query = useInfiniteQuery({
    ...threadOptions(incidentId, filter, start),
    placeholderData: keepPreviousData,
  });
  const { data } = query;
  const { zone } = usePreferences();
  const lines = useMemo(
    () => threadLines(data?.pages.flatMap((page) => page.entries) ?? [], zone),
    [data, zone],
  );
  return { query, lines };
}
