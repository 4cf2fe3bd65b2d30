"use client";

import { X } from "lucide-react";
import { useTransition } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { countdownWords } from "#components/ui/time-words.ts";
import { toast } from "#components/ui/toast.ts";
import { cancelRun } from "#lib/actions/cancel-run.ts";
import { reached } from "#lib/browser/reached.ts";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import { isEnded } from "#lib/domain/copilot/run.ts";
import { waitingWords, WRITING_WORDS } from "./run-words.ts";

type Props = {
  run: RunRow;
  /** Claims stored so far, where the reader follows them. */
  claimCount?: number;
  mayCancel: boolean;
  onChanged: () => void;
};

/** How it stands with a run that has not ended: its place in the queue or how long it has been writing. */
export function RunStatus({ run, claimCount, mayCancel, onChanged }: Props) {
  if (isEnded(run.state)) return null;
  const waits = run.state === "queued";
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2 text-xs text-dim">
      <span className="shrink-0 text-model">
        <Spinner />
      </span>
      <span className="min-w-0 flex-1">
        {waits ? (
          <>
            {WAITS_WORDS[run.kind] ?? "A run waits."} <HostileText text={waitingWords(run)} />
          </>
        ) : (
          <>
            {WRITING_WORDS[run.kind]}
            {claimCount === undefined ? null : `: ${countedClaims(claimCount)}`}
          </>
        )}
      </span>
      <Elapsed since={(waits ? null : run.startedAt) ?? run.queuedAt} />
      {mayCancel ? <CancelButton run={run} onChanged={onChanged} /> : null}
    </span>
  );
}

const WAITS_WORDS: Partial<Record<RunRow["kind"], string>> = {
  summary: "A summary by the model waits.",
  repair: "The claims that failed wait to be gone over.",
  answer: "The question waits.",
  note: "The draft waits.",
  handover: "The draft waits.",
  message: "The draft waits.",
};

/** The clock is for the eye: read out each second it would only disturb. */
function Elapsed({ since }: { since: string }) {
  const now = useNow();
  return (
    <span aria-hidden className="record shrink-0 text-xs text-faint">
      {countdownWords(Math.max(0, now - Date.parse(since)))}
    </span>
  );
}

function CancelButton({ run, onChanged }: { run: RunRow; onChanged: () => void }) {
  const [pending, start] = useTransition();
  return (
    <IconButton
      size="sm"
      label="Cancel this run"
      pending={pending}
      icon={<X className="size-3.5" strokeWidth={1.5} aria-hidden />}
      onClick={() =>
        start(async () => {
          const result = await reached(cancelRun({ runId: run.id }));
          if (!result.ok) toast.failed("The run was not cancelled", { detail: result.message });
          onChanged();
        })
      }
    />
  );
}

export function countedClaims(count: number): string {
  if (count === 0) return "no claim yet";
  return count === 1 ? "1 claim so far" : `${count} claims so far`;
}
