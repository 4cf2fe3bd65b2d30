import type { ReactNode } from "react";
import { STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import { ShapeGlyph, ShapeMark } from "./shape-mark.tsx";

const COLOURS: Record<Standing, string> = {
  supported: "text-ok",
  partial: "text-warn",
  unsupported: "text-dim",
  contradicted: "text-danger",
};

const GLYPHS: Record<Standing, ReactNode> = {
  supported: (
    <>
      <circle cx="8" cy="8" r="6" fill="currentColor" />
      <path d="m5.4 8.2 1.8 1.8 3.4-3.8" stroke="var(--bg)" strokeWidth="1.7" />
    </>
  ),
  partial: (
    <>
      <circle cx="8" cy="8" r="5.3" stroke="currentColor" strokeWidth="1.4" />
      <path d="M8 2.7a5.3 5.3 0 0 0 0 10.6Z" fill="currentColor" />
    </>
  ),
  unsupported: (
    <path d="M11.75 4.25A5.3 5.3 0 1 0 13.3 8" stroke="currentColor" strokeWidth="1.9" />
  ),
  contradicted: (
    <>
      <circle cx="8" cy="8" r="6" fill="currentColor" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" stroke="var(--bg)" strokeWidth="1.7" />
    </>
  ),
};

type Props = { standing: Standing; word?: boolean | string; className?: string };

/** What code found when it held a claim against the evidence. Never "true". */
export function StandingMark({ standing, word = true, className }: Props) {
  const glyph = <StandingGlyph standing={standing} className={COLOURS[standing]} />;
  return (
    <ShapeMark glyph={glyph} name={STANDING_WORDS[standing]} word={word} className={className} />
  );
}

export function StandingGlyph({ standing, className }: { standing: Standing; className?: string }) {
  return <ShapeGlyph className={className}>{GLYPHS[standing]}</ShapeGlyph>;
}
