"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { connection } from "#lib/browser/connection.ts";

/** Says that what stands on the screen may be old, from the loss of the connection until it is back. */
export function ConnectionBanner() {
  const lost = useSyncExternalStore(connection.subscribe, connection.isLost, () => false);
  return (
    <div role="status" className="empty:hidden">
      {lost ? (
        <p className="flex items-center gap-2 border-b bg-warn/12 px-3 py-1.5 text-sm">
          <WifiOff className="size-4 shrink-0 text-warn" strokeWidth={1.5} aria-hidden />
          The connection is lost. What you see may be old, and nothing you do now is kept; it
          connects again by itself.
        </p>
      ) : null}
    </div>
  );
}
