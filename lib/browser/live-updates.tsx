"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { connection } from "./connection.ts";
import { deskKeys } from "./desk-data.ts";
import { incidentKeys, isRunsKey } from "./incident-data.ts";

const GATHER_MS = 350;
const REFUSED_MS = 20_000;

/**
 * Keeps what is on the screen up to date: the server says which incident changed, never what, and the
 * queries that show it are asked again. The stream is closed while the tab is hidden, so that a person
 * with many tabs does not hold many streams; coming back refreshes everything once.
 */
export function LiveUpdates() {
  const cache = useQueryClient();
  useEffect(() => {
    let stream: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    const gather = gatherer((hints) => refresh(cache, hints));
    const open = () => {
      if (stream) return;
      const opened = (stream = new EventSource("/api/stream"));
      // what changed between the page's rendering and this moment, or while there was none, was told to nobody
      opened.addEventListener("open", () => {
        connection.up();
        gather.add(null);
      });
      opened.onmessage = (message: MessageEvent<string>) => gather.add(hintOf(message.data));
      // an answer that is no stream (too many are open, a proxy's page) ends an EventSource for good
      opened.onerror = () => {
        if (opened.readyState !== EventSource.CLOSED) connection.down();
        if (opened.readyState !== EventSource.CLOSED || stream !== opened) return;
        close();
        again = setTimeout(onVisibility, REFUSED_MS);
      };
    };
    const close = () => {
      clearTimeout(again);
      stream?.close();
      stream = null;
    };
    const onVisibility = () => {
      if (document.hidden) return close();
      open();
      gather.add(null);
    };
    if (!document.hidden) open();
    // a browser that was offline does not hurry to try again
    const onOnline = () => {
      close();
      onVisibility();
    };
    window.addEventListener("online", onOnline);
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      window.removeEventListener("online", onOnline);
      document.removeEventListener("visibilitychange", onVisibility);
      gather.stop();
      close();
    };
  }, [cache]);
  return null;
}

/** Null: something changed, and it is not told what. */
type Hint = { kind: string | null; incidentId: string | null } | null;

function refresh(cache: QueryClient, hints: readonly Hint[]) {
  void cache.invalidateQueries({ queryKey: deskKeys.peeks });
  void cache.invalidateQueries({ queryKey: deskKeys.counts });
  void cache.invalidateQueries({ queryKey: deskKeys.unread });
  if (hints.includes(null)) void cache.invalidateQueries({ queryKey: incidentKeys.every });
  for (const id of new Set(hints.flatMap((hint) => hint?.incidentId ?? []))) {
    void cache.invalidateQueries({ queryKey: incidentKeys.all(id) });
  }
  // whether a model is in force is told with every incident
  if (hints.some((hint) => hint?.kind === "model.changed"))
    void cache.invalidateQueries({ predicate: ({ queryKey }) => isRunsKey(queryKey) });
}

function hintOf(data: string): Hint {
  try {
    const { kind, incidentId } = JSON.parse(data) as { kind?: unknown; incidentId?: unknown };
    return {
      kind: typeof kind === "string" ? kind : null,
      incidentId: typeof incidentId === "string" ? incidentId : null,
    };
  } catch {
    return null;
  }
}

/** A burst of hints becomes one round of questions. */
function gatherer(run: (hints: readonly Hint[]) => void) {
  let hints: Hint[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  return {
    add(hint: Hint) {
      hints.push(hint);
      timer ??= setTimeout(() => {
        const batch = hints;
        hints = [];
        timer = null;
        run(batch);
      }, GATHER_MS);
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
