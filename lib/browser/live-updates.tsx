"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { deskKeys } from "./desk-data.ts";
import { incidentKeys } from "./incident-data.ts";

const GATHER_MS = 350;

/**
 * Keeps what is on the screen up to date: the server says which incident changed, never what, and the
 * queries that show it are asked again. The stream is closed while the tab is hidden, so that a person
 * with many tabs does not hold many streams; coming back refreshes everything once.
 */
export function LiveUpdates() {
  const cache = useQueryClient();
  useEffect(() => {
    let stream: EventSource | null = null;
    const gather = gatherer((incidentIds) => refresh(cache, incidentIds));
    const open = () => {
      stream ??= new EventSource("/api/stream");
      stream.onmessage = (message: MessageEvent<string>) => gather.add(incidentOf(message.data));
    };
    const close = () => {
      stream?.close();
      stream = null;
    };
    const onVisibility = () => {
      if (document.hidden) return close();
      open();
      gather.add(null);
    };
    if (!document.hidden) open();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      gather.stop();
      close();
    };
  }, [cache]);
  return null;
}

function refresh(cache: QueryClient, incidentIds: ReadonlySet<string>) {
  void cache.invalidateQueries({ queryKey: deskKeys.peeks });
  void cache.invalidateQueries({ queryKey: deskKeys.counts });
  for (const id of incidentIds) void cache.invalidateQueries({ queryKey: incidentKeys.all(id) });
}

function incidentOf(data: string): string | null {
  try {
    const hint = JSON.parse(data) as { incidentId?: unknown };
    return typeof hint.incidentId === "string" ? hint.incidentId : null;
  } catch {
    return null;
  }
}

/** A burst of hints becomes one round of questions. */
function gatherer(run: (incidentIds: ReadonlySet<string>) => void) {
  let ids = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  return {
    add(id: string | null) {
      if (id) ids.add(id);
      timer ??= setTimeout(() => {
        const batch = ids;
        ids = new Set();
        timer = null;
        run(batch);
      }, GATHER_MS);
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
