"use client";

import { useNow } from "#components/ui/clock.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { zonedWords } from "#components/ui/time-words.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";

/** The desk's clock, and in which zone every time on the screen is: UTC, or the person's own. */
export function UtcClock() {
  const iso = new Date(useNow()).toISOString();
  const { zone, setLocal } = usePreferences();
  const [day = "", clock = "", ...name] = zonedWords(iso, zone).split(" ");
  return (
    <Tooltip content={zone === null ? "Show times in your own zone" : "Show times in UTC"} keys="u">
      <button
        type="button"
        onClick={() => setLocal(zone === null)}
        className="hidden rounded-control px-1 text-xs whitespace-nowrap text-dim tabular-nums hover:bg-hover hover:text-text sm:inline"
      >
        <span className="mr-1.5 text-2xs text-faint">{name.join(" ")}</span>
        <time dateTime={iso} title={`${day}, ${zone ?? "UTC"}`}>
          {clock}
        </time>
      </button>
    </Tooltip>
  );
}
