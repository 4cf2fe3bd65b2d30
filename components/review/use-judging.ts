"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import { judgeOverride } from "#lib/actions/judge-override.ts";
import { OVERRIDE_OUTCOME_WORDS } from "#lib/domain/review/override.ts";
import type { OverrideOutcome } from "#lib/domain/review/override.ts";

/** A verdict that is being given: which, of what; it takes a note unless the lead agrees. */
export type Judging = { idem: string; overrideId: string; outcome: OverrideOutcome };

/** Gives a lead's verdicts: to agree is one key, anything else asks for why. */
export function useJudging() {
  const router = useRouter();
  const [open, setOpen] = useState<Judging | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const give = (judging: Judging, note: string) => {
    if (pending) return;
    start(async () => {
      const answer = await judgeOverride({ ...judging, note }).catch(() => null);
      if (!answer?.ok) {
        const message = answer?.message ?? "There is no connection. Try again.";
        if (judging.outcome === "agree") toast.failed("Not judged", { detail: message });
        else setError(answer?.fieldErrors?.["note"]?.[0] ?? message);
        return;
      }
      setOpen(null);
      toast.done(`Judged: ${OVERRIDE_OUTCOME_WORDS[judging.outcome].toLowerCase()}`);
      router.refresh();
    });
  };
  const judge = (overrideId: string, outcome: OverrideOutcome) => {
    const judging = { idem: crypto.randomUUID(), overrideId, outcome };
    setError(null);
    if (outcome === "agree") give(judging, "");
    else setOpen(judging);
  };
  return { open, close: () => setOpen(null), error, pending, judge, give };
}
