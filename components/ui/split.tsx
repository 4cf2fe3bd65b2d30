"use client";

import { useRef } from "react";
import type { CSSProperties, PointerEvent, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Separator } from "./separator.tsx";

type Props = {
  /** How the line between the two runs: "vertical" stands between left and right. */
  line: "vertical" | "horizontal";
  label: string;
  /** What the first pane takes, in percent of both; `usual` is what nobody has changed. */
  size: number;
  usual: number;
  /** The least that each of the two takes, in percent. */
  least: readonly [first: number, second: number];
  onSize: (size: number) => void;
  first: ReactNode;
  /** Null leaves everything to the first, which stays what it was. */
  second: ReactNode | null;
};

const LINES = {
  vertical: "w-px cursor-col-resize after:inset-y-0 after:-inset-x-1",
  horizontal: "h-px cursor-row-resize after:inset-x-0 after:-inset-y-1",
};

const STEP_PERCENT = 2;

/** Two panes and the line between them. */
export function Split({ line, label, size, usual, least, onSize, first, second }: Props) {
  const box = useRef<HTMLDivElement>(null);
  // where it was dragged to; null: a press that moved nothing
  const at = useRef<number | null>(null);
  const [min, max] = [least[0], 100 - least[1]];
  const shown = inside(size, min, max);
  const drag = ({ clientX, clientY }: PointerEvent) => {
    const element = box.current;
    if (!element) return;
    const { left, top, width, height } = element.getBoundingClientRect();
    const part = line === "vertical" ? (clientX - left) / width : (clientY - top) / height;
    at.current = inside(part * 100, min, max);
    element.style.setProperty("--first", `${at.current}%`);
  };
  return (
    <div
      ref={box}
      style={{ "--first": `${shown}%` } as CSSProperties}
      className={cx("flex min-h-0 min-w-0 flex-1", line === "horizontal" && "flex-col")}
    >
      <div
        className={cx(
          "flex min-h-0 min-w-0 flex-col overflow-hidden",
          second === null ? "flex-1" : "shrink-0 basis-(--first)",
        )}
      >
        {first}
      </div>
      {second === null ? null : (
        <>
          <Separator
            label={label}
            orientation={line}
            value={shown}
            min={min}
            max={max}
            step={STEP_PERCENT}
            onDrag={drag}
            onDrop={() => {
              if (at.current !== null) onSize(at.current);
              at.current = null;
            }}
            onStep={onSize}
            onReset={() => onSize(usual)}
            className={cx(
              "relative z-10 shrink-0 bg-line after:absolute hover:bg-line-strong",
              "focus-visible:bg-accent focus-visible:outline-none active:bg-accent",
              LINES[line],
            )}
          />
          <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden">{second}</div>
        </>
      )}
    </div>
  );
}

function inside(size: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, size));
}
