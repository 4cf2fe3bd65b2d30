import type { KeyboardEvent } from "react";

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * Moves the focus along a row of which only one is a tab stop, with the arrow keys, Home and End (the roving tabindex
 * of the ARIA patterns). It chooses nothing. For the `onKeyDown` of each button of the row.
 */
export function moveAlong(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = [...(event.currentTarget.parentElement?.querySelectorAll("button") ?? [])];
  const at = row.findIndex((each) => each === event.currentTarget);
  if (at < 0) return;
  event.preventDefault();
  row[step(at, row.length)]?.focus();
}
