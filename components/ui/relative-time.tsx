"use client";

import { useNow } from "./clock.tsx";
import { cx } from "./cx.ts";
import { spanWords, utcClock, utcWords } from "./time-words.ts";

/** How long ago (or how long until); the exact UTC time on hover and in `dateTime`. */
export function RelativeTime({
  at,
  suffix = true,
  className,
}: {
  at: string;
  suffix?: boolean;
  className?: string;
}) {
  const now = useNow();
  const ms = now - Date.parse(at);
  const words = spanWords(Math.abs(ms));
  const text = !suffix ? words : ms < -999 ? `in ${words}` : `${words} ago`;
  return (
    <time
      dateTime={at}
      title={utcWords(at)}
      className={cx("whitespace-nowrap tabular-nums", className)}
    >
      {text}
    </time>
  );
}

/** The exact time: the clock alone or with its day. Always UTC. */
export function ExactTime({
  at,
  day = true,
  className,
}: {
  at: string;
  day?: boolean;
  className?: string;
}) {
  return (
    <time
      dateTime={at}
      title={utcWords(at, true)}
      className={cx("whitespace-nowrap tabular-nums", className)}
    >
      {day ? <NarrowHyphens text={utcWords(at)} /> : utcClock(at)}
    </time>
  );
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
