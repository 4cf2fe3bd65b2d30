"use client";

import { CircleAlert, CircleCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { rebuildPrompt } from "#lib/actions/rebuild-prompt.ts";
import { reached } from "#lib/browser/reached.ts";

type Outcome = { tone: "same" | "other" | "none"; sentence: string; sha256: string | null };

/** Makes the request once more from what is stored, and says whether its digest is the same. */
export function RebuildPrompt({ runId }: { runId: string }) {
  const [pending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const rebuild = async () => {
    setPending(true);
    const answer = await reached(rebuildPrompt({ runId }));
    setPending(false);
    if (!answer.ok) return setOutcome({ tone: "none", sentence: answer.message, sha256: null });
    const { isSame, rebuiltSha256, sentence } = answer.data;
    const tone = isSame ? "same" : rebuiltSha256 === null ? "none" : "other";
    setOutcome({ tone, sentence, sha256: rebuiltSha256 });
  };
  return (
    <div className="flex flex-col items-start gap-1.5 pt-1.5">
      <Button size="sm" pending={pending} onClick={() => void rebuild()}>
        Rebuild the prompt
      </Button>
      <output aria-label="The prompt, rebuilt" className="flex items-start gap-1.5 text-xs">
        {outcome?.tone === "same" ? (
          <CircleCheck className="mt-0.5 size-3.5 shrink-0 text-ok" strokeWidth={1.5} aria-hidden />
        ) : outcome ? (
          <CircleAlert
            className="mt-0.5 size-3.5 shrink-0 text-warn"
            strokeWidth={1.5}
            aria-hidden
          />
        ) : null}
        {outcome ? (
          <span className="min-w-0">
            {outcome.sentence}
            {outcome.sha256 ? (
              <span className="record block text-2xs break-all text-faint">{outcome.sha256}</span>
            ) : null}
          </span>
        ) : null}
      </output>
    </div>
  );
}
