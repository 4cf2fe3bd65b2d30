"use client";

import { useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import type { Layout } from "react-resizable-panels";
import { PANES_COOKIE } from "./panes-cookie.ts";
import type { PaneLayouts } from "./panes-cookie.ts";

/** Sizes in percent that nobody has changed; a double click on a separator goes back to them. */
const READING = 55;
const RECORD = 46;

type Props = { thread: ReactNode; record: ReactNode | null; side: ReactNode; layouts: PaneLayouts };

/** Thread left, the rest right; an opened record under the thread. The sizes are remembered. */
export function Panes({ thread, record, side, layouts }: Props) {
  return (
    <Group
      id="incident"
      orientation="horizontal"
      defaultLayout={layouts.incident}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction || isReset(layout, "reading", READING))
          remember(layouts, { incident: layout });
      }}
      className="min-h-0 flex-1"
    >
      <Panel
        id="reading"
        defaultSize={`${READING}%`}
        minSize="30%"
        className="flex min-h-0 flex-col"
      >
        <Group
          id="reading-panes"
          orientation="vertical"
          defaultLayout={record ? layouts.reading : undefined}
          onLayoutChanged={(layout, { isUserInteraction }) => {
            if (isUserInteraction || isReset(layout, "record", RECORD))
              remember(layouts, { reading: layout });
          }}
          className="min-h-0 flex-1"
        >
          <Panel id="thread" minSize="20%" className="@container/thread flex min-h-0 flex-col">
            {thread}
          </Panel>
          {record ? (
            <>
              <Separator
                className="h-px bg-line data-[separator=active]:bg-accent data-[separator=hover]:bg-line-strong focus-visible:bg-accent"
                aria-label="Resize the record"
              />
              <Panel id="record" defaultSize={`${RECORD}%`} minSize="20%">
                {record}
              </Panel>
            </>
          ) : null}
        </Group>
      </Panel>
      <Separator
        className="w-px bg-line data-[separator=active]:bg-accent data-[separator=hover]:bg-line-strong focus-visible:bg-accent"
        aria-label="Resize the panes"
      />
      <Panel
        id="side"
        defaultSize={`${100 - READING}%`}
        minSize="25%"
        className="flex min-h-0 flex-col"
      >
        {side}
      </Panel>
    </Group>
  );
}

/** The library does not call a double click a person's doing. */
function isReset(layout: Layout, pane: string, size: number): boolean {
  return Math.abs((layout[pane] ?? 0) - size) < 0.5;
}

function remember(before: PaneLayouts, change: { incident?: Layout; reading?: Layout }) {
  Object.assign(before, change);
  const value = encodeURIComponent(JSON.stringify(before));
  document.cookie = `${PANES_COOKIE}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

/** Whether there is room for panes side by side; the server assumes there is. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => window.matchMedia(WIDE).matches,
    () => true,
  );
}

const WIDE = "(min-width: 1024px)";
