"use client";

import { useMemo, useState } from "react";
import type { PointerEvent } from "react";
import { SealGlyph } from "#components/marks/voices.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type { ActivityView, DecisionView } from "#lib/contracts/views.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { activityBars, brushOf, shareOf, sliceAt, timesOf } from "./activity-bars.ts";
import type { ActivityBar, Brush } from "./activity-bars.ts";
import { BrushThumb } from "./brush-thumb.tsx";

type Props = {
  activity: ActivityView;
  decisions: readonly DecisionView[];
  /** The stretch of time that the thread is filtered by. */
  from: string | undefined;
  to: string | undefined;
  /** How high the part of each bar is that the filters leave, 0..1; null without filters. */
  matching: readonly number[] | null;
  /** Brings the first thing at or after this time into view. */
  onSeek: (time: string) => void;
  /** Filters the thread by a stretch of time; null takes that filter off. */
  onBrush: (range: { from: string; to: string } | null) => void;
};

/** When things happened: records per slice of time, alerts as ticks on top, decisions as seals; and a stretch of it to look at. */
export function ActivityStrip(props: Props) {
  const { activity, decisions, matching, onSeek, onBrush } = props;
  const bars = useMemo(() => activityBars(activity), [activity]);
  const brushing = useBrushing(props, bars);
  const { at, brush } = brushing;
  if (bars.length === 0 || !activity.from || !activity.to) return null;
  const bar = at === null ? null : (bars[at] ?? null);
  const held = brush ?? { start: 0, end: bars.length };
  const thumb = { brush: held, bars, onSeek, onClear: () => onBrush(null) };
  const put = (next: Brush) => onBrush(timesOf(activity, next));
  return (
    <div className="flex h-11 shrink-0 items-stretch gap-3 border-b px-3">
      <div
        role="group"
        aria-label="Activity over time"
        className="relative min-w-0 flex-1 cursor-crosshair touch-none select-none"
        {...brushing.pointer}
      >
        <Bars bars={bars} at={at} matching={matching} brush={brush} />
        <Seals activity={activity} decisions={decisions} />
        <BrushThumb {...thumb} edge="start" onMove={put} />
        <BrushThumb {...thumb} edge="end" onMove={put} />
        <BarsTable bars={bars} />
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
            <span>{utcWords(brush ? bars[brush.start]!.from : activity.from)}</span>
            <span>{utcWords(brush ? (bars[brush.end]?.from ?? activity.to) : activity.to)}</span>
          </>
        )}
      </p>
    </div>
  );
}

/** A hand that is drawn over the bars: a press goes there in the thread, a stretch filters by it. */
function useBrushing({ activity, from, to, onSeek, onBrush }: Props, bars: ActivityBar[]) {
  const [at, setAt] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const under = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return sliceAt(event.clientX - left, width, bars.length);
  };
  const drawn: Brush | null =
    drag && drag.from !== drag.to
      ? { start: Math.min(drag.from, drag.to), end: Math.max(drag.from, drag.to) + 1 }
      : null;
  const pointer = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as HTMLElement).closest("[role=slider]")) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ from: under(event), to: under(event) });
    },
    onPointerMove: (event: PointerEvent) => {
      setAt(under(event));
      if (drag) setDrag({ ...drag, to: under(event) });
    },
    onPointerUp: () => {
      setDrag(null);
      if (drawn) onBrush(timesOf(activity, drawn));
      else if (drag) onSeek(bars[drag.from]!.from);
    },
    onPointerCancel: () => setDrag(null),
    onPointerLeave: () => setAt(null),
  };
  return { at, brush: drawn ?? brushOf(activity, from, to), pointer };
}

const TOP = 8;
const HEIGHT = 40;

type BarsProps = {
  bars: ActivityBar[];
  at: number | null;
  matching: readonly number[] | null;
  brush: Brush | null;
};

function Bars({ bars, at, matching, brush }: BarsProps) {
  const slot = 1000 / bars.length;
  const width = slot - (slot > 6 ? 1.2 : 0);
  const column = (index: number, share: number, tone: string, key: string) => {
    const height = share * (HEIGHT - TOP);
    return (
      <rect
        key={key}
        x={index * slot}
        width={width}
        y={HEIGHT - height}
        height={height}
        className={tone}
      />
    );
  };
  return (
    <svg
      aria-hidden
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full pt-1"
    >
      {brush ? (
        <rect
          x={brush.start * slot}
          width={(brush.end - brush.start) * slot}
          height={HEIGHT}
          className="fill-selected"
        />
      ) : null}
      {at === null ? null : (
        <rect x={at * slot} width={slot} height={HEIGHT} className="fill-hover" />
      )}
      {bars.map((bar, index) =>
        column(index, bar.height, index === at ? "fill-dim" : "fill-line-strong", bar.from),
      )}
      {matching?.map((share, index) =>
        share > 0 ? column(index, share, "fill-accent", String(index)) : null,
      )}
      {bars.map((bar, index) =>
        bar.alerts > 0 ? (
          <rect key={bar.from} x={index * slot} width={width} height={4} className="fill-high" />
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

/** The same for whoever reads with ears. */
function BarsTable({ bars }: { bars: ActivityBar[] }) {
  return (
    <div className="sr-only">
      <table>
        <caption>Records over time</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Records</th>
            <th scope="col">Alerts</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) =>
            bar.records > 0 ? (
              <tr key={bar.from}>
                <th scope="row">{utcWords(bar.from)}</th>
                <td>{bar.records}</td>
                <td>{bar.alerts}</td>
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </div>
  );
}

function countsWords({ records, alerts }: ActivityBar): string {
  const all = `${records.toLocaleString("en")} ${records === 1 ? "record" : "records"}`;
  return alerts > 0 ? `${all}, ${alerts} ${alerts === 1 ? "alert" : "alerts"}` : all;
}
