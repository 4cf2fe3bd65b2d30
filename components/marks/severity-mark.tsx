import type { Severity } from "#lib/domain/incident/severity.ts";
import { SEVERITY_WORDS } from "#lib/domain/incident/words.ts";
import { ShapeGlyph, ShapeMark } from "./shape-mark.tsx";

const COLOURS: Record<Severity, string> = {
  critical: "text-critical",
  high: "text-high",
  medium: "text-medium",
  low: "text-low",
  informational: "text-informational",
};

type Props = { severity: Severity; word?: boolean | string; className?: string };

export function SeverityMark({ severity, word = true, className }: Props) {
  const glyph = <SeverityGlyph severity={severity} className={COLOURS[severity]} />;
  return (
    <ShapeMark glyph={glyph} name={SEVERITY_WORDS[severity]} word={word} className={className} />
  );
}

export function SeverityGlyph({ severity, className }: { severity: Severity; className?: string }) {
  return (
    <ShapeGlyph className={className} strokeWidth="1.9">
      {severity === "critical" ? <path d="m4 8 4-4 4 4M4 12.5l4-4 4 4" /> : null}
      {severity === "high" ? <path d="m4 10 4-4 4 4" /> : null}
      {severity === "medium" ? <path d="M3.8 8h8.4" /> : null}
      {severity === "low" ? <path d="m4 6.2 4 4 4-4" /> : null}
      {severity === "informational" ? (
        <circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none" />
      ) : null}
    </ShapeGlyph>
  );
}
