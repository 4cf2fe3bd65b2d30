"use client";

import { ArrowRightLeft } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { NoteText } from "#components/marks/note-text.tsx";
import { PersonText } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { HandoverView } from "#lib/contracts/work-views.ts";

type Props = {
  handover: HandoverView | null;
  /** Whose the incident is now, by id. */
  ownerId: string | null;
  personId: string;
  pending: boolean;
  onTakeOver: (handover: HandoverView) => void;
};

/** What was handed over with the incident: in full for whoever has it, until they say that they have taken over. */
export function HandoverStrip({ handover, ownerId, personId, pending, onTakeOver }: Props) {
  if (!handover) return null;
  const { by, to, at, text } = handover;
  if (ownerId !== personId) {
    return (
      <section
        aria-label="Hand-over"
        className="flex min-h-8 shrink-0 items-center gap-2.5 border-b border-l-2 border-l-line-strong bg-surface px-3 py-1"
      >
        <ArrowRightLeft className="size-4 shrink-0 text-faint" strokeWidth={1.5} aria-hidden />
        <p className="min-w-0 flex-1 truncate text-dim">
          <HostileText text={by.name} /> handed it over to{" "}
          {to ? <HostileText text={to.name} /> : "nobody yet"} <RelativeTime at={at} />; it is not
          taken over. The note stands in the thread.
        </p>
      </section>
    );
  }
  return (
    <section
      aria-label="Hand-over"
      className="flex shrink-0 items-start gap-3 border-b border-l-2 border-l-accent bg-surface px-3 py-2"
    >
      <div
        role="region"
        aria-label="Hand-over note"
        tabIndex={0}
        className="max-h-48 min-w-0 flex-1 overflow-y-auto outline-offset-[-2px]"
      >
        <PersonText
          name={by.name}
          role={by.role}
          when={<RelativeTime at={at} />}
          aside={<span>handed this incident over</span>}
          className="text-sm"
        >
          <NoteText text={text} />
        </PersonText>
      </div>
      <Button tone="primary" pending={pending} onClick={() => onTakeOver(handover)}>
        Taken over
      </Button>
    </section>
  );
}
