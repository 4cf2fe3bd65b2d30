"use client";

import { useNow } from "./clock.tsx";
import { cx } from "./cx.ts";
import { countdownWords, spanWords, utcWords } from "./time-words.ts";

export type SlaRingProps = {
  openedAt: string;
  /** Null: no clock runs. */
  dueAt: string | null;
  /** What must have happened by then. */
  what: string;
  /** The countdown beside the ring. */
  word?: boolean;
  className?: string;
};

const AMBER_MS = 10 * 60_000;
/** Seconds mean nothing to someone who is days late. */
const DAY_MS = 24 * 3_600_000;
const LENGTH = 2 * Math.PI * 5.25;

/** A ring that empties until something must have happened; amber under ten minutes, red and counting up when late. */
export function SlaRing({ openedAt, dueAt, what, word = true, className }: SlaRingProps) {
  const now = useNow();
  if (dueAt === null) {
    return (
      <span title="SLA clock stopped" className={cx("text-faint", className)}>
        <span aria-hidden>–</span>
        <span className="sr-only">SLA clock stopped</span>
      </span>
    );
  }
  const left = Date.parse(dueAt) - now;
  const total = Math.max(1, Date.parse(dueAt) - Date.parse(openedAt));
  const share = Math.min(1, Math.max(0, left / total));
  const late = left <= 0;
  const tone = late ? "text-danger" : left < AMBER_MS ? "text-warn" : "text-dim";
  const sentence = late ? `${what}: SLA breached` : what;
  return (
    <span
      title={`${sentence}; due ${utcWords(dueAt)}`}
      className={cx(
        "inline-flex items-center gap-1.5 whitespace-nowrap tabular-nums",
        tone,
        className,
      )}
    >
      <svg
        aria-hidden
        viewBox="0 0 16 16"
        className="size-4 shrink-0 -rotate-90"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
      >
        <circle cx="8" cy="8" r="5.25" opacity={late ? 1 : 0.28} />
        {share > 0 ? (
          <circle
            cx="8"
            cy="8"
            r="5.25"
            strokeLinecap="butt"
            strokeDasharray={`${(share * LENGTH).toFixed(2)} ${LENGTH.toFixed(2)}`}
          />
        ) : null}
      </svg>
      <span className="sr-only">{`${what}, ${late ? "SLA breached by" : "SLA, time left"}`}</span>
      <span className={word ? undefined : "sr-only"}>
        {late ? "+" : ""}
        {Math.abs(left) < DAY_MS ? countdownWords(left) : spanWords(Math.abs(left))}
      </span>
    </span>
  );
}
