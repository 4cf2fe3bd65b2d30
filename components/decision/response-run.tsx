"use client";

import { Badge } from "#components/ui/badge.tsx";
import type { BadgeTone } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { toast } from "#components/ui/toast.ts";
import { useState } from "react";
import { checkResponseAction } from "#lib/actions/responders.ts";
import type { ResponseAttemptView, ResponseWorkView } from "#lib/contracts/responder-views.ts";
import type { DecisionView } from "#lib/contracts/views.ts";
import type { ResponseAction } from "#lib/domain/decision/decision.ts";
import { isReversible } from "#lib/domain/decision/responder.ts";
import { responseWords, undoWords } from "#lib/domain/decision/words.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";

export const OUTCOME_LOOK: Record<string, { word: string; tone: BadgeTone }> = {
  dispatched: { word: "Dispatched, not yet verified", tone: "info" },
  verified: { word: "Verified", tone: "ok" },
  failed: { word: "Failed", tone: "danger" },
  unknown: { word: "Outcome unknown", tone: "warn" },
};

type Run = DecisionView["responses"][number];
type Props = {
  action: ResponseAction;
  run: Run | null;
  inEffect: boolean;
  mayAct: boolean;
  onRecord: () => void;
  onChecked: () => void;
  isTakenBack: boolean;
  onTakeBack: ((action: ResponseAction) => void) | null;
};

/** One response action: what came of it, who carried it out, what it answered, and what a person can do now. */
export function ResponseRun(props: Props) {
  const { action, run, inEffect, mayAct, onRecord, onChecked } = props;
  const look = run ? OUTCOME_LOOK[run.outcome] : null;
  const isWaiting = run?.work?.step === "dispatch";
  return (
    <li className="flex flex-col gap-1 px-2.5 py-1.5">
      <div className="flex min-h-6 flex-wrap items-center gap-2">
        <span>{responseWords(action)}</span>
        <span className="record min-w-0 truncate">
          <HostileText text={action.target} />
        </span>
        <span className="ml-auto flex items-center gap-2 text-2xs text-faint">
          {run && look && !isWaiting ? (
            <>
              <RelativeTime at={run.at} />
              <Badge
                tone={look.tone}
                title={run.detail === null ? undefined : visibleText(run.detail)}
              >
                {look.word}
              </Badge>
            </>
          ) : isWaiting ? (
            <Badge tone="info">On its way</Badge>
          ) : inEffect ? (
            <Badge tone="warn">Nothing recorded yet</Badge>
          ) : null}
          {run?.work?.wasSent && mayAct ? <CheckAgain run={run} onChecked={onChecked} /> : null}
          {inEffect && mayAct ? (
            <Button size="sm" tone="quiet" onClick={onRecord}>
              Record outcome
            </Button>
          ) : null}
        </span>
      </div>
      {run ? <LastWord run={run} /> : null}
      {run?.work ? <Work work={run.work} /> : null}
      {inEffect ? <TakingBack {...props} /> : null}
    </li>
  );
}

/** How it is undone; where it was sent from here, by a proposal that is signed like any other. */
function TakingBack({ action, run, isTakenBack, onTakeBack }: Props) {
  const mayBe =
    run?.work?.wasSent === true && action.undoOf === undefined && isReversible(action.action);
  return (
    <p className="flex flex-wrap items-center gap-2 text-2xs text-dim">
      {isTakenBack ? "Taken back by a later decision." : undoWords(action)}
      {mayBe && !isTakenBack && onTakeBack ? (
        <Button
          size="sm"
          tone="quiet"
          onClick={() =>
            onTakeBack({ action: action.action, target: action.target, undoOf: run.id })
          }
        >
          Propose taking it back
        </Button>
      ) : null}
    </p>
  );
}

function CheckAgain({ run, onChecked }: { run: Run; onChecked: () => void }) {
  const [pending, setPending] = useState(false);
  const check = async () => {
    setPending(true);
    const result = await checkResponseAction({ runId: run.id }).catch(() => null);
    setPending(false);
    if (!result?.ok)
      return toast.failed("It was not asked again", {
        detail: result?.message ?? "The server did not answer.",
      });
    toast.done("The system is asked again");
    onChecked();
  };
  return (
    <Button size="sm" tone="quiet" pending={pending} onClick={() => void check()}>
      Check again
    </Button>
  );
}

/** What was said last: by a person or a system who recorded an outcome, else by the worker's own reasons. */
function LastWord({ run: { detail, work } }: { run: Run }) {
  const said = work?.checked?.sentence ?? detail ?? work?.attempts.at(-1)?.answer ?? null;
  const because = work && work.attempts.length === 0 ? work.foreseen : null;
  const text = said ?? because;
  if (!text) return null;
  return (
    <p className="text-xs wrap-anywhere text-dim">
      <HostileText text={text} />
    </p>
  );
}

function Work({ work }: { work: ResponseWorkView }) {
  const { responder, attempts, checked, nextAt, step, foreseen } = work;
  if (!responder) return null;
  const words = [
    `by ${responder.name}`,
    `${attempts.length} ${attempts.length === 1 ? "attempt" : "attempts"}`,
    ...(checked ? [`asked ${checked.times} ${checked.times === 1 ? "time" : "times"} since`] : []),
  ];
  return (
    <details className="text-2xs text-dim">
      <summary className="cursor-pointer rounded-control hover:text-text">
        <HostileText text={words.join(", ")} />
        {nextAt ? (
          <span className="text-faint">
            {step === "dispatch" ? ", next attempt " : ", next look "}
            <RelativeTime at={nextAt} />
          </span>
        ) : null}
      </summary>
      <div className="flex flex-col gap-1 pt-1 pl-3">
        {foreseen ? (
          <p className="wrap-anywhere">
            Foreseen: <HostileText text={foreseen} />
          </p>
        ) : null}
        <ol aria-label="Attempts" className="flex flex-col gap-1">
          {attempts.map((attempt) => (
            <Attempt key={attempt.number} attempt={attempt} />
          ))}
        </ol>
      </div>
    </details>
  );
}

function Attempt({ attempt }: { attempt: ResponseAttemptView }) {
  const { number, startedAt, endedAt, outcome, httpStatus, answer, mayHaveActed } = attempt;
  const word = outcome === "dispatched" ? "taken on" : outcome === "failed" ? "failed" : "unknown";
  return (
    <li className="flex flex-col">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span>Attempt {number}</span>
        <RelativeTime at={startedAt} className="text-faint" />
        <span>{endedAt ? word : "under way"}</span>
        {httpStatus ? <span className="record">HTTP {httpStatus}</span> : null}
        {outcome !== "dispatched" && mayHaveActed ? (
          <span className="text-warn">may have acted all the same</span>
        ) : null}
      </span>
      {answer ? (
        <span className="wrap-anywhere">
          <HostileText text={answer} />
        </span>
      ) : null}
    </li>
  );
}
