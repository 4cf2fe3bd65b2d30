"use client";

import { useState } from "react";
import type { KeyboardEvent, MouseEvent } from "react";
import { SealGlyph } from "#components/marks/voices.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type { ActivityView, DecisionView } from "#lib/contracts/views.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { activityBars, shareOf, sliceAt } from "./activity-bars.ts";
import type { ActivityBar } from "./activity-bars.ts";

type Props = {
  activity: ActivityView;
  decisions: readonly DecisionView[];
  /** Brings the first thing at or after this time into view. */
  onSeek: (time: string) => void;
};

/** When things happened: records per slice of time, alerts as ticks on top, decisions as seals. */
export function ActivityStrip({ activity, decisions, onSeek }: Props) {
  const bars = activityBars(activity);
  const [at, setAt] = useState<number | null>(null);
  if (bars.length === 0 || !activity.from || !activity.to) return null;
  const bar = at === null ? null : (bars[at] ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt(Math.min(bars.length - 1, Math.max(0, (at ?? (step > 0 ? -1 : bars.length)) + step)));
    }
    if (event.key === "Enter" && bar) onSeek(bar.from);
  };
  const under = (event: MouseEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return sliceAt(event.clientX - left, width, bars.length);
  };
  return (
    <div className="flex h-11 shrink-0 items-stretch gap-3 border-b px-3">
      <div
        role="slider"
        tabIndex={0}
        aria-label="Activity over time; Enter goes there in the thread"
        aria-valuemin={0}
        aria-valuemax={bars.length - 1}
        aria-valuenow={at ?? 0}
        aria-valuetext={bar ? sliceWords(bar) : "No slice chosen"}
        className="relative min-w-0 flex-1 outline-offset-[-2px]"
        onMouseMove={(event) => setAt(under(event))}
        onMouseLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const pressed = bars[under(event)];
          if (pressed) onSeek(pressed.from);
        }}
      >
        <Bars bars={bars} at={at} />
        <Seals activity={activity} decisions={decisions} />
      </div>
      <p
        aria-hidden
        className="record flex w-44 shrink-0 flex-col justify-center text-2xs text-faint"
      >
        {bar ? (
          <>
            <span className="text-dim">{utcWords(bar.from)}</span>
            <span>{countsWords(bar)}</span>
          </>
        ) : (
          <>
            <span>{utcWords(activity.from)}</span>
            <span>{utcWords(activity.to)}</span>
          </>
        )}
      </p>
    </div>
  );
}

const TOP = 8;
const HEIGHT = 40;

function Bars({ bars, at }: { bars: ActivityBar[]; at: number | null }) {
  const slot = 1000 / bars.length;
  const gap = slot > 6 ? 1.2 : 0;
  return (
    <svg
      aria-hidden
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full pt-1"
    >
      {at === null ? null : (
        <rect x={at * slot} width={slot} height={HEIGHT} className="fill-selected" />
      )}
      {bars.map((bar, index) => {
        const height = bar.height * (HEIGHT - TOP);
        return (
          <rect
            key={bar.from}
            x={index * slot}
            width={slot - gap}
            y={HEIGHT - height}
            height={height}
            className={index === at ? "fill-dim" : "fill-line-strong"}
          />
        );
      })}
      {bars.map((bar, index) =>
        bar.alerts > 0 ? (
          <rect
            key={bar.from}
            x={index * slot}
            width={slot - gap}
            height={4}
            className="fill-high"
          />
        ) : null,
      )}
    </svg>
  );
}

function Seals({ activity, decisions }: Pick<Props, "activity" | "decisions">) {
  return decisions.map((decision) => {
    const share = shareOf(activity, decision.proposedAt);
    if (share === null) return null;
    return (
      <span
        key={decision.id}
        title={`${DECISION_WORDS[decision.kind]} proposed ${utcWords(decision.proposedAt)}`}
        style={{ left: `${(share * 100).toFixed(2)}%` }}
        className="absolute inset-y-0 flex -translate-x-1/2 items-center text-accent"
      >
        <SealGlyph className="size-3.5 rounded-full bg-bg" />
      </span>
    );
  });
}

function sliceWords(bar: ActivityBar): string {
  return `${utcWords(bar.from)}: ${countsWords(bar)}`;
}

function countsWords({ records, alerts }: ActivityBar): string {
  const all = `${records.toLocaleString("en")} ${records === 1 ? "record" : "records"}`;
  return alerts > 0 ? `${all}, ${alerts} ${alerts === 1 ? "alert" : "alerts"}` : all;
}
