import type { ReactNode } from "react";
import { ShapeGlyph, ShapeMark } from "#components/marks/shape-mark.tsx";
import { EXPORT_STATE_WORDS, type ExportState } from "#lib/domain/trail/export.ts";

const COLOURS: Record<ExportState, string> = {
  queued: "text-dim",
  running: "text-accent",
  ready: "text-ok",
  failed: "text-danger",
  cancelled: "text-dim",
  expired: "text-faint",
};

const GLYPHS: Record<ExportState, ReactNode> = {
  queued: <path d="M8 4.5V8l2.2 1.6M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z" />,
  running: <path d="M4 13h8M8 2.8v6.4m0 0L5.4 6.8M8 9.2l2.6-2.4" />,
  ready: <path d="m3.6 8.4 2.9 2.9 5.9-6.4" />,
  failed: <path d="m4.2 4.2 7.6 7.6m0-7.6-7.6 7.6" />,
  cancelled: <path d="M4.1 11.9 11.9 4.1M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z" />,
  expired: <path d="M3 4.5h10M5 4.5v8h6v-8M6.6 2.8h2.8" />,
};

/** How an export goes or went: shape, word, colour. */
export function ExportStateMark({ state }: { state: ExportState }) {
  const glyph = (
    <ShapeGlyph className={COLOURS[state]} strokeWidth="1.4">
      {GLYPHS[state]}
    </ShapeGlyph>
  );
  return <ShapeMark glyph={glyph} name={EXPORT_STATE_WORDS[state]} word />;
}
