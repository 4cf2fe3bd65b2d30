"use client";

import { ListFilter } from "lucide-react";
import type { Finding } from "./check-words.ts";
import { useSummaryLinks } from "./summary-links.tsx";

type Props = { query: NonNullable<Finding["query"]> };

/** From a number to the records behind it: the thread, filtered by the very query that was counted. */
export function ShowRecords({ query }: Props) {
  const { onShowWhere } = useSummaryLinks();
  const { records } = query;
  if (records === 0) return null;
  const count = records === 1 ? "1 record" : `${(records ?? 0).toLocaleString("en")} records`;
  const words = records === null ? "Show the records searched" : `Show the ${count}`;
  return (
    <button
      type="button"
      aria-label={words}
      title={`${words} in the thread`}
      onClick={() => onShowWhere(query.where)}
      className="inline-flex items-center gap-1 text-xs whitespace-nowrap text-accent underline-offset-2 hover:underline"
    >
      <ListFilter className="size-3.5 shrink-0" strokeWidth={1.5} aria-hidden />
      {records === null ? "records searched" : count}
    </button>
  );
}
