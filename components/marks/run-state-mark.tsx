import type { ReactNode } from "react";
import { ShapeGlyph, ShapeMark } from "./shape-mark.tsx";
import type { RunState } from "#lib/domain/copilot/run.ts";
import { RUN_STATE_WORDS } from "#lib/domain/copilot/words.ts";

const COLOURS: Record<RunState, string> = {
  queued: "text-dim",
  streaming: "text-model",
  finished: "text-ok",
  failed: "text-danger",
  cancelled: "text-dim",
  refused: "text-warn",
};

const RING = <circle cx="8" cy="8" r="5.5" stroke="currentColor" strokeWidth="1.4" />;

const GLYPHS: Record<RunState, ReactNode> = {
  queued: (
    <circle
      cx="8"
      cy="8"
      r="5.5"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeDasharray="2.4 2.2"
    />
  ),
  streaming: (
    <>
      {RING}
      <path d="M6.7 5.6v4.8L10.6 8Z" fill="currentColor" />
    </>
  ),
  finished: (
    <>
      {RING}
      <path d="m5.7 8.2 1.6 1.6 3-3.4" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  failed: (
    <>
      {RING}
      <path d="m6.1 6.1 3.8 3.8m0-3.8-3.8 3.8" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  cancelled: (
    <>
      {RING}
      <path d="M4.4 11.6 11.6 4.4" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  refused: (
    <>
      {RING}
      <path d="M5.4 8h5.2" stroke="currentColor" strokeWidth="1.8" />
    </>
  ),
};

type Props = { state: RunState; word?: boolean; className?: string };

/** How a run goes or went: shape, word, colour. */
export function RunStateMark({ state, word = true, className }: Props) {
  const glyph = <ShapeGlyph className={COLOURS[state]}>{GLYPHS[state]}</ShapeGlyph>;
  return (
    <ShapeMark glyph={glyph} name={RUN_STATE_WORDS[state]} word={word} className={className} />
  );
}
