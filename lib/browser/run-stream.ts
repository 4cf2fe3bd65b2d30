"use client";

import { useSyncExternalStore } from "react";
import type { RunEvent, StreamedClaim } from "#lib/contracts/copilot-views.ts";
import { followRun } from "./follow-run.ts";
import type { FollowState } from "./follow-run.ts";

type DoneData = Extract<RunEvent, { kind: "done" }>["data"];

/** A run as far as this screen has heard of it. */
export type RunStream = {
  connection: FollowState;
  /** Every event so far, in order. */
  events: readonly RunEvent[];
  claims: readonly StreamedClaim[];
  notices: readonly string[];
  /** Null until the run has ended. */
  done: DoneData | null;
};

type Store = { subscribe: (listener: () => void) => () => void; read: () => RunStream };

const NOTHING: RunStream = {
  connection: "connecting",
  events: [],
  claims: [],
  notices: [],
  done: null,
};
/** Ended runs that are remembered, so that what was read stays on the screen without asking again. */
const REMEMBERED = 50;
const stores = new Map<string, Store>();

/**
 * The events of a run as they are stored, in order, each once; null follows nothing. Screens that follow the same run
 * share one connection. It is closed while the tab is hidden and goes on after the last event held: the place is never
 * kept apart from the events, so a reload begins at the first and shows the same.
 */
export function useRunStream(runId: string | null): RunStream {
  const store = runId === null ? NO_STORE : storeOf(runId);
  return useSyncExternalStore(store.subscribe, store.read, () => NOTHING);
}

const NO_STORE: Store = { subscribe: () => () => undefined, read: () => NOTHING };

function storeOf(runId: string): Store {
  const known = stores.get(runId);
  if (known) return known;
  for (const [id, store] of stores) {
    if (stores.size < REMEMBERED) break;
    if (store.read().done) stores.delete(id);
  }
  const store = makeStore(runId);
  stores.set(runId, store);
  return store;
}

function makeStore(runId: string): Store {
  const listeners = new Set<() => void>();
  let stream = NOTHING;
  let leaving: AbortController | null = null;

  function change(next: Partial<RunStream>): void {
    stream = { ...stream, ...next };
    for (const listener of listeners) listener();
  }

  function open(): void {
    if (leaving || stream.done || document.hidden) return;
    const leave = new AbortController();
    leaving = leave;
    void followRun({
      runId,
      after: stream.events.at(-1)?.seq ?? 0,
      onEvent: (event) => change(withEvent(stream, event)),
      onState: (connection) => change({ connection }),
      signal: leave.signal,
    });
  }

  function close(): void {
    leaving?.abort();
    leaving = null;
  }

  function onVisibility(): void {
    if (document.hidden) close();
    else open();
  }

  return {
    read: () => stream,
    subscribe(listener) {
      if (listeners.size === 0) document.addEventListener("visibilitychange", onVisibility);
      listeners.add(listener);
      open();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        document.removeEventListener("visibilitychange", onVisibility);
        close();
      };
    },
  };
}

function withEvent(stream: RunStream, event: RunEvent): Partial<RunStream> {
  const events = [...stream.events, event];
  switch (event.kind) {
    case "claim":
      return { events, claims: [...stream.claims, event.data] };
    case "notice":
      return { events, notices: [...stream.notices, event.data.sentence] };
    case "done":
      return { events, done: event.data };
    case "started":
      return { events };
  }
}
