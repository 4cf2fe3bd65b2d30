"use client";

import { useNow } from "#components/ui/clock.tsx";

/** The desk's clock. Every time on every screen is UTC. */
export function UtcClock() {
  const iso = new Date(useNow()).toISOString();
  return (
    <time
      dateTime={iso}
      title={`${iso.slice(0, 10)}, UTC`}
      className="hidden text-xs whitespace-nowrap text-dim tabular-nums sm:inline"
    >
      <span className="mr-1.5 text-2xs text-faint">UTC</span>
      {iso.slice(11, 19)}
    </time>
  );
}
