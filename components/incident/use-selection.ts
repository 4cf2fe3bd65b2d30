"use client";

import { useState } from "react";
import type { QueueRow } from "#lib/contracts/views.ts";

export type Selection = {
  ids: ReadonlySet<string>;
  /** `extend`: with everything between this row and the one before it (Shift). */
  toggle: (id: string, extend: boolean) => void;
  set: (ids: readonly string[]) => void;
};

/** Which incidents of the queue are chosen, to be closed together. */
export function useSelection(rows: readonly QueueRow[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string | null>(null);
  const toggle = (id: string, extend: boolean) => {
    const on = !ids.has(id);
    const next = new Set(ids);
    for (const each of extend ? between(rows, last, id) : [id]) {
      if (on) next.add(each);
      else next.delete(each);
    }
    setIds(next);
    setLast(id);
  };
  return { ids, toggle, set: (chosen) => setIds(new Set(chosen)) };
}

function between(rows: readonly QueueRow[], from: string | null, to: string): string[] {
  const [a, b] = [from, to].map((id) => rows.findIndex((row) => row.id === id)) as [number, number];
  if (a < 0 || b < 0) return [to];
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ id }) => id);
}
