"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { threadOptions } from "#lib/browser/incident-data.ts";
import type { ThreadFilter } from "#lib/contracts/views.ts";
import { threadLines } from "./thread-lines.ts";

/** The loaded stretch of a thread, which grows at both ends; `around` is where it was opened. */
export function useThread(incidentId: string, filter: ThreadFilter, around: string | null) {
  const query = useInfiniteQuery(threadOptions(incidentId, filter, around));
  const { data } = query;
  const lines = useMemo(
    () => threadLines(data?.pages.flatMap((page) => page.entries) ?? []),
    [data],
  );
  return { query, lines };
}
