"use client";

import { useOnClock } from "./clock.tsx";
import { cx } from "./cx.ts";
import { spanWords, utcWords, zonedClock, zonedWords } from "./time-words.ts";
import { usePreferences } from "./use-preferences.tsx";

/** How long ago (or how long until); the exact time on hover, always in UTC too, and in `dateTime`. */
export function RelativeTime({
  at,
  suffix = true,
  className,
}: {
  at: string;
  suffix?: boolean;
  className?: string;
}) {
  const { zone } = usePreferences();
  const since = Date.parse(at);
  const text = useOnClock((now) => {
    const ms = now - since;
    const words = spanWords(Math.abs(ms));
    return !suffix ? words : ms < -999 ? `in ${words}` : `${words} ago`;
  });
  return (
    <time
      dateTime={at}
      title={bothWords(at, zone)}
      className={cx("whitespace-nowrap tabular-nums", className)}
    >
      {text}
    </time>
  );
}

/** The exact time in the zone that the person chose, UTC at first: the clock alone or with its day. UTC on hover. */
export function ExactTime({
  at,
  day = true,
  className,
}: {
  at: string;
  day?: boolean;
  className?: string;
}) {
  const { zone } = usePreferences();
  return (
    <time
      dateTime={at}
      title={bothWords(at, zone, true)}
      className={cx("whitespace-nowrap tabular-nums", className)}
    >
      {day ? <NarrowHyphens text={zonedWords(at, zone)} /> : zonedClock(at, zone)}
    </time>
  );
}

function bothWords(at: string, zone: string | null, ms = false): string {
  const utc = utcWords(at, ms);
  return zone === null ? utc : `${zonedWords(at, zone, ms)}, ${utc}`;
}

/** Tabular figures widen the hyphens of a date too; these keep their own width. */
function NarrowHyphens({ text }: { text: string }) {
  const [year, month, ...rest] = text.split("-");
  const hyphen = <span className="[font-variant-numeric:normal]">-</span>;
  return (
    <>
      {year}
      {hyphen}
      {month}
      {hyphen}
      {rest.join("-")}
    </>
  );
}
