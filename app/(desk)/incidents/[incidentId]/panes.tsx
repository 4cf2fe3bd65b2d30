"use client";

import { useState } from "react";
import type { ReactNode } from "react";
import { Split } from "#components/ui/split.tsx";
import { PANES_COOKIE } from "./panes-cookie.ts";
import type { PaneLayouts } from "./panes-cookie.ts";

/** What the thread takes of the width, and of the height above an opened record, in percent, as nobody has changed it. */
const READING = 55;
const THREAD = 54;

type Props = { thread: ReactNode; record: ReactNode | null; side: ReactNode; layouts: PaneLayouts };

/** Thread left, the rest right; an opened record under the thread. The sizes are remembered. */
export function Panes({ thread, record, side, layouts }: Props) {
  const [reading, setReading] = useState(layouts.incident?.reading ?? READING);
  const [lines, setLines] = useState(layouts.reading?.thread ?? THREAD);
  return (
    <Split
      line="vertical"
      label="Resize the panes"
      size={reading}
      usual={READING}
      least={[30, 25]}
      onSize={(size) => {
        setReading(size);
        remember(layouts, { incident: { reading: size, side: 100 - size } });
      }}
      first={
        <Split
          line="horizontal"
          label="Resize the record"
          size={lines}
          usual={THREAD}
          least={[20, 20]}
          onSize={(size) => {
            setLines(size);
            remember(layouts, { reading: { thread: size, record: 100 - size } });
          }}
          first={
            <div className="@container/thread flex min-h-0 min-w-0 flex-1 flex-col">{thread}</div>
          }
          second={record}
        />
      }
      second={side}
    />
  );
}

function remember(before: PaneLayouts, change: PaneLayouts) {
  Object.assign(before, change);
  const value = encodeURIComponent(JSON.stringify(before));
  document.cookie = `${PANES_COOKIE}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
