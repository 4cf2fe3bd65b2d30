"use client";

import { Scale, UserPlus } from "lucide-react";
import { SlaRing } from "#components/ui/sla-ring.tsx";
import type { QueueRow } from "#lib/contracts/views.ts";
import { runningClock } from "#lib/domain/incident/clock.ts";
import { CLOCK_WORDS } from "#lib/domain/incident/words.ts";

type Props = {
  row: Pick<QueueRow, "status" | "verdict" | "assignee" | "openedAt" | "slaDueAt" | "decideDueAt">;
  className?: string;
};

const GLYPHS = { assign: UserPlus, decide: Scale };

/** The clock of an incident that runs: which, how long, and whether it is breached. */
export function ServiceClock({ row, className }: Props) {
  const clock = runningClock(row);
  const Glyph = clock ? GLYPHS[clock.kind] : null;
  return (
    <span className="inline-flex items-center gap-1">
      {Glyph ? <Glyph className="size-3 text-faint" strokeWidth={1.5} aria-hidden /> : null}
      <SlaRing
        className={className}
        openedAt={row.openedAt}
        dueAt={clock?.dueAt ?? null}
        what={clock ? CLOCK_WORDS[clock.kind] : ""}
      />
    </span>
  );
}
