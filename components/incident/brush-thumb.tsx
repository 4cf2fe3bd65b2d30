"use client";

import type { KeyboardEvent } from "react";
import { utcWords } from "#components/ui/time-words.ts";
import { moved } from "./activity-bars.ts";
import type { ActivityBar, Brush } from "./activity-bars.ts";

type Props = {
  edge: "start" | "end";
  brush: Brush;
  bars: readonly ActivityBar[];
  onMove: (brush: Brush) => void;
  onClear: () => void;
  onSeek: (time: string) => void;
};

const FAR = 10;

/** One end of the stretch that is looked at, moved by keys as the pattern of a slider has it; Escape lets go of all of it. */
export function BrushThumb({ edge, brush, bars, onMove, onClear, onSeek }: Props) {
  const at = edge === "start" ? brush.start : brush.end;
  const time = edge === "start" ? bars[at]?.from : (bars[at]?.from ?? bars.at(-1)?.from);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = stepOf(event, bars.length);
    if (by !== null) onMove(moved(brush, edge, by, bars.length));
    else if (event.key === "Escape") onClear();
    else if (event.key === "Enter" && time) onSeek(time);
    else return;
    event.preventDefault();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={edge === "start" ? "From" : "Until"}
      aria-orientation="horizontal"
      aria-valuemin={edge === "start" ? 0 : brush.start + 1}
      aria-valuemax={edge === "start" ? brush.end - 1 : bars.length}
      aria-valuenow={at}
      aria-valuetext={time ? utcWords(time) : undefined}
      onKeyDown={onKeyDown}
      style={{ left: `${((at / bars.length) * 100).toFixed(3)}%` }}
      className="group absolute inset-y-0 -ml-1 w-2 cursor-ew-resize"
    >
      <span className="mx-auto block h-full w-0.5 bg-line-strong group-focus-visible:bg-accent" />
    </div>
  );
}

/** By how many slices a key moves; null for any other key. */
function stepOf({ key, shiftKey }: KeyboardEvent, slices: number): number | null {
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return shiftKey ? FAR : 1;
    case "ArrowLeft":
    case "ArrowDown":
      return shiftKey ? -FAR : -1;
    case "PageUp":
      return FAR;
    case "PageDown":
      return -FAR;
    case "Home":
      return -slices;
    case "End":
      return slices;
    default:
      return null;
  }
}
