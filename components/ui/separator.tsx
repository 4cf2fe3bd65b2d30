"use client";

import type { KeyboardEvent, PointerEvent } from "react";

type Props = {
  label: string;
  /** How the line runs: "vertical" stands between left and right. */
  orientation: "vertical" | "horizontal";
  /** Where it is, and how far it goes, in the unit of the one who asks. */
  value: number;
  min: number;
  max: number;
  /** How far one press of an arrow key goes. */
  step: number;
  /** The sized pane stands behind the line: an arrow to the right, or down, makes it smaller. */
  behind?: boolean;
  /** Follows the pointer; called for each move, so it draws and keeps nothing. */
  onDrag: (event: PointerEvent) => void;
  /** The pointer let go where it last was. */
  onDrop: () => void;
  onStep: (to: number) => void;
  /** A double click: back to where nobody has moved it. */
  onReset: () => void;
  className: string;
};

/** The line between two panes, which is dragged or moved by keyboard; a window splitter as ARIA has it. */
export function Separator(props: Props) {
  const { label, orientation, value, min, max, behind, onDrag, onDrop, onStep } = props;
  const [back, forth] =
    orientation === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const step = behind ? -props.step : props.step;
  const press = (event: KeyboardEvent) => {
    const to = new Map([
      [back, value - step],
      [forth, value + step],
      ["Home", min],
      ["End", max],
    ]).get(event.key);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onStep(Math.min(max, Math.max(min, to)));
  };
  const isHeld = ({ currentTarget, pointerId }: PointerEvent) =>
    currentTarget.hasPointerCapture(pointerId);
  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={Math.round(min)}
      aria-valuemax={Math.round(max)}
      tabIndex={0}
      onPointerDown={(event) => {
        if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (isHeld(event)) onDrag(event);
      }}
      onPointerUp={(event) => {
        if (!isHeld(event)) return;
        event.currentTarget.releasePointerCapture(event.pointerId);
        onDrop();
      }}
      onDoubleClick={props.onReset}
      onKeyDown={press}
      className={`touch-none select-none ${props.className}`}
    />
  );
}
