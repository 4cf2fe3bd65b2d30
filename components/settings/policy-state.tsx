"use client";

import { Badge } from "#components/ui/badge.tsx";
import type { BadgeTone } from "#components/ui/badge.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { countdownWords } from "#components/ui/time-words.ts";
import type { PolicyState, PolicyVersionView } from "#lib/contracts/policy-views.ts";

const STATES: Record<PolicyState, { word: string; tone: BadgeTone }> = {
  waiting: { word: "Waits for a second admin", tone: "warn" },
  scheduled: { word: "Waits for its time", tone: "warn" },
  in_force: { word: "In force", tone: "ok" },
  past: { word: "Was in force", tone: "neutral" },
  withdrawn: { word: "Withdrawn", tone: "neutral" },
  refused: { word: "Refused", tone: "neutral" },
  lapsed: { word: "Lapsed: a signer left", tone: "neutral" },
  overtaken: { word: "Overtaken", tone: "neutral" },
};

export function PolicyStateBadge({ state }: { state: PolicyState }) {
  const { word, tone } = STATES[state];
  return <Badge tone={tone}>{word}</Badge>;
}

/** What is still to come before a version takes effect; nothing when it is decided. */
export function PolicyWaits({
  version,
}: {
  version: Pick<PolicyVersionView, "state" | "effectiveAt">;
}) {
  const now = useNow();
  if (version.state === "waiting")
    return <span>It waits for the signature of a second admin.</span>;
  if (version.state !== "scheduled" || version.effectiveAt === null) return null;
  const left = Date.parse(version.effectiveAt) - now;
  return (
    <span>
      It takes effect <ExactTime at={version.effectiveAt} />,{" "}
      <span className="tabular-nums">
        {left > 0 ? `in ${countdownWords(left)}` : "now: load the page anew"}
      </span>
      . Until then any admin can withdraw it.
    </span>
  );
}
