import type { DecisionKind, DecisionState } from "#lib/domain/decision/decision.ts";
import { DECISION_STATE_WORDS, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import { STATUS_WORDS } from "#lib/domain/incident/words.ts";
import { Badge } from "#components/ui/badge.tsx";
import type { BadgeTone } from "#components/ui/badge.tsx";
import { cx } from "#components/ui/cx.ts";

const DECISION_TONES: Record<DecisionState, BadgeTone> = {
  proposed: "accent",
  in_effect: "ok",
  refused: "danger",
  rejected: "danger",
  withdrawn: "neutral",
  expired: "neutral",
  stale: "warn",
};

/** The incident's status: a ring that fills as work proceeds. */
export function StatusMark({
  status,
  word = true,
  className,
}: {
  status: IncidentStatus;
  word?: boolean;
  className?: string;
}) {
  return (
    <span className={cx("inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap", className)}>
      <svg
        aria-hidden
        viewBox="0 0 16 16"
        className={cx("size-3.5", status === "new" ? "text-accent" : "text-dim")}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        {status === "new" ? (
          <circle cx="8" cy="8" r="5.5" strokeDasharray="2.4 2.2" />
        ) : (
          <circle cx="8" cy="8" r="5.5" />
        )}
        {status === "in_progress" ? (
          <path d="M8 5v6a3 3 0 0 0 0-6Z" fill="currentColor" stroke="none" />
        ) : null}
        {status === "on_hold" ? <path d="M6.6 6v4M9.4 6v4" strokeLinecap="round" /> : null}
        {status === "closed" ? (
          <path d="m5.7 8.2 1.6 1.6 3-3.4" strokeLinecap="round" strokeLinejoin="round" />
        ) : null}
      </svg>
      <span className={word ? undefined : "sr-only"}>{STATUS_WORDS[status]}</span>
    </span>
  );
}

export function DecisionBadge({
  kind,
  state,
  className,
}: {
  kind: DecisionKind;
  state: DecisionState;
  className?: string;
}) {
  return (
    <Badge tone={DECISION_TONES[state]} className={className}>
      {DECISION_WORDS[kind]}: {DECISION_STATE_WORDS[state].toLowerCase()}
    </Badge>
  );
}
