"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { QueueRow } from "#lib/contracts/views.ts";

export type Selection = {
  ids: ReadonlySet<string>;
  /** `extend`: with everything between this row and the one before it (Shift and click). */
  toggle: (id: string, extend: boolean) => void;
  /** Chooses from one row to the next, as Shift with j or k walks; walking back lets go again. */
  walk: (from: string, to: string) => void;
  set: (ids: readonly string[]) => void;
};

type Chosen = {
  ids: ReadonlySet<string>;
  /** Where a walk began, where it stands, and what was chosen before it. */
  anchor: string | null;
  head: string | null;
  before: ReadonlySet<string>;
};

const NONE: Chosen = { ids: new Set(), anchor: null, head: null, before: new Set() };

/** Which incidents of the queue are chosen, to do one thing to all of them. The functions stay the same ones. */
export function useSelection(rows: readonly QueueRow[]): Selection {
  const [chosen, setChosen] = useState(NONE);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  }, [rows]);
  const toggle = useCallback((id: string, extend: boolean) => {
    setChosen((was) => {
      const on = !was.ids.has(id);
      const next = new Set(was.ids);
      for (const each of extend ? between(latest.current, was.head, id) : [id]) {
        if (on) next.add(each);
        else next.delete(each);
      }
      return { ids: next, anchor: id, head: id, before: next };
    });
  }, []);
  const walk = useCallback((from: string, to: string) => {
    setChosen((was) => {
      const goesOn = was.head === from && was.anchor !== null;
      const anchor = goesOn ? was.anchor : from;
      const before = goesOn ? was.before : was.ids;
      const ids = new Set([...before, ...between(latest.current, anchor, to)]);
      return { ids, anchor, head: to, before };
    });
  }, []);
  const set = useCallback((ids: readonly string[]) => {
    setChosen({ ...NONE, ids: new Set(ids), before: new Set(ids) });
  }, []);
  return { ids: chosen.ids, toggle, walk, set };
}

function between(rows: readonly QueueRow[], from: string | null, to: string): string[] {
  const [a, b] = [from, to].map((id) => rows.findIndex((row) => row.id === id)) as [number, number];
  if (a < 0 || b < 0) return [to];
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ id }) => id);
}
