"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useEffectEvent, useState } from "react";
import { useWide } from "#components/ui/use-wide.ts";
import { previewOptions } from "#lib/browser/preview-data.ts";
import type { QueueRow } from "#lib/contracts/views.ts";
import { PREVIEW_COOKIE, previewCookie } from "./preview-cookie.ts";
import type { PreviewLook } from "./preview-cookie.ts";

/** How long the cursor rests on a row before it is read: whoever holds j down asks for nothing. */
const REST_MS = 100;

/** The pane beside the queue as the person left it. */
export function usePreviewLook(first: PreviewLook) {
  const [look, setLook] = useState(first);
  useEffect(() => {
    document.cookie = `${PREVIEW_COOKIE}=${previewCookie(look)}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }, [look]);
  const setOpen = useCallback((open: boolean) => setLook((was) => ({ ...was, open })), []);
  const setWidth = useCallback((width: number) => setLook((was) => ({ ...was, width })), []);
  return { ...look, setOpen, setWidth };
}

/** The row that the pane shows: the one on which the cursor has come to rest. */
export function usePreviewed(
  open: boolean,
  rows: readonly QueueRow[],
  selectedId: string | null,
): QueueRow | undefined {
  const wide = useWide();
  const restedId = useRested(open && wide ? selectedId : null);
  const at = restedId === null ? -1 : rows.findIndex(({ id }) => id === restedId);
  usePrefetch(rows[at + 1]?.id, at >= 0);
  return rows[at];
}

function useRested(id: string | null): string | null {
  const [rested, setRested] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(id), REST_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return id === null ? null : rested;
}

/** The next one down is there before it is asked for; one at a time, and only while somebody reads. */
function usePrefetch(nextId: string | undefined, reading: boolean) {
  const cache = useQueryClient();
  const prefetch = useEffectEvent((id: string) => void cache.prefetchQuery(previewOptions(id)));
  useEffect(() => {
    if (reading && nextId) prefetch(nextId);
  }, [nextId, reading]);
}
