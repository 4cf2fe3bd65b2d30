import type { Severity } from "#lib/domain/incident/severity.ts";
import { SEVERITY_WORDS } from "#lib/domain/incident/words.ts";
import { cx } from "#components/ui/cx.ts";

const COLOURS: Record<Severity, string> = {
  critical: "text-critical",
  high: "text-high",
  medium: "text-medium",
  low: "text-low",
  informational: "text-informational",
};

type Props = {
  severity: Severity;
  /** The word beside the shape; without it the shape carries the name. */ word?: boolean;
  className?: string;
};

/** Shape, word and colour, in that order of importance. */
export function SeverityMark({ severity, word = true, className }: Props) {
  return (
    <span
      className={cx("inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap", className)}
      title={word ? undefined : SEVERITY_WORDS[severity]}
    >
      <SeverityGlyph severity={severity} className={COLOURS[severity]} />
      <span className={word ? undefined : "sr-only"}>{SEVERITY_WORDS[severity]}</span>
    </span>
  );
}

export function SeverityGlyph({ severity, className }: { severity: Severity; className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      className={cx("size-4 shrink-0", className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {severity === "critical" ? <path d="m4 8 4-4 4 4M4 12.5l4-4 4 4" /> : null}
      {severity === "high" ? <path d="m4 10 4-4 4 4" /> : null}
      {severity === "medium" ? <path d="M3.8 8h8.4" /> : null}
      {severity === "low" ? <path d="m4 6.2 4 4 4-4" /> : null}
      {severity === "informational" ? (
        <circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none" />
      ) : null}
    </svg>
  );
}
