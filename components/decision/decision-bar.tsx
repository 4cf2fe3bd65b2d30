"use client";

import { ButtonLink } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { BreakGlassMark } from "#components/marks/break-glass.tsx";
import { SentenceText } from "#components/marks/sentence-text.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { countdownWords } from "#components/ui/time-words.ts";
import type { DecisionView } from "#lib/contracts/views.ts";
import { contentWords, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { neededWords } from "./needed-words.ts";

type Props = { decisions: readonly DecisionView[]; personId: string; maySign: boolean };

/** What waits for a signature on this incident, who is needed, and for how long it stands. */
export function DecisionBar({ decisions, personId, maySign }: Props) {
  const open = decisions.filter((decision) => decision.state === "proposed");
  if (open.length === 0) return null;
  return (
    <section
      aria-label="Decisions waiting for a signature"
      className="shrink-0 divide-y border-t bg-surface"
    >
      {open.map((decision) => (
        <Waiting
          key={decision.id}
          decision={decision}
          own={decision.proposer.id === personId}
          maySign={maySign}
        />
      ))}
    </section>
  );
}

function Waiting({
  decision,
  own,
  maySign,
}: {
  decision: DecisionView;
  own: boolean;
  maySign: boolean;
}) {
  const left = Date.parse(decision.expiresAt) - useNow();
  const expired = left <= 0;
  // By break-glass the proposer signs alone.
  const signs = maySign && (!own || decision.breakGlass);
  return (
    <div className="flex min-h-11 items-center gap-3 border-l-2 border-accent px-3 py-1.5">
      <SealGlyph className="text-accent" />
      {decision.breakGlass ? <BreakGlassMark /> : null}
      <p className="min-w-0 flex-1 truncate">
        <span className="font-medium">{DECISION_WORDS[decision.kind]}</span>
        <span className="text-dim">
          {" "}
          proposed by {own ? "you" : decision.proposer.name}:{" "}
          <SentenceText sentence={contentWords(decision.content)} />
        </span>
      </p>
      <span className="hidden shrink-0 text-xs text-dim lg:inline">{neededWords(decision)}</span>
      <span
        className={`shrink-0 text-xs tabular-nums ${expired ? "text-faint" : left < 600_000 ? "text-warn" : "text-dim"}`}
      >
        {expired ? "Expired" : `Expires in ${countdownWords(left)}`}
      </span>
      <ButtonLink
        size="sm"
        tone={signs ? "primary" : "default"}
        href={`/incidents/${decision.incidentId}/decisions/${decision.id}`}
      >
        {signs ? "Review and sign" : "Review"}
      </ButtonLink>
    </div>
  );
}
