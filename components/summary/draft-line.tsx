"use client";

import { CircleCheck, TriangleAlert } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { spanWords } from "#components/ui/time-words.ts";
import { useRunStream } from "#lib/browser/run-stream.ts";
import type { RunStream } from "#lib/browser/run-stream.ts";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import type { SummaryView } from "#lib/contracts/views.ts";
import { DockLine } from "./dock-line.tsx";
import { RunStatus } from "./run-status.tsx";
import { endWords } from "./run-words.ts";
import { useOnEnd } from "./use-on-end.ts";

type Props = {
  /** The run whose claims are being read. */
  run: RunRow;
  /** The summaries as they are issued now: one of them may be what the run came to. */
  issued: readonly SummaryView[];
  mayCancel: boolean;
  onChanged: () => void;
  onShow: () => void;
};

/** How it stands with a draft that is open: what it waits for, how far it is, how it ended and what came of it. */
export function DraftLine({ run, issued, mayCancel, onChanged, onShow }: Props) {
  const stream = useRunStream(run.id);
  useOnEnd(stream.done !== null, onChanged);
  if (stream.done === null) {
    return (
      <div className="flex min-h-8 items-center px-3 py-1">
        <RunStatus
          run={run}
          claimCount={stream.claims.length}
          mayCancel={mayCancel}
          onChanged={onChanged}
        />
      </div>
    );
  }
  const summary = issued.find((one) => one.run?.id === run.id) ?? null;
  const end = endWords({ ...stream.done, error: stream.done.reason, fault: run.fault });
  return (
    <DockLine
      icon={end ? WARN : DONE}
      action={
        summary ? (
          <Button size="sm" tone="primary" onClick={onShow}>
            Show version {summary.version}
          </Button>
        ) : (
          <ButtonLink size="sm" tone="quiet" href={`/runs/${run.id}`}>
            Open the run
          </ButtonLink>
        )
      }
    >
      <output>
        {end ? (
          <>
            <HostileText text={end.what} /> {end.remedy}
          </>
        ) : (
          finishedWords(stream)
        )}
        {summary ? ` Issued${stream.done.isComplete ? "" : ", incomplete"}.` : null}
      </output>
    </DockLine>
  );
}

const DONE = <CircleCheck className="size-3.5 shrink-0 text-ok" strokeWidth={1.5} aria-hidden />;
const WARN = (
  <TriangleAlert className="size-3.5 shrink-0 self-start text-warn" strokeWidth={1.5} aria-hidden />
);

function finishedWords({ events, claims }: RunStream): string {
  const begun = events.find(({ kind }) => kind === "started");
  const ended = events.at(-1);
  const took = begun && ended ? Date.parse(ended.at) - Date.parse(begun.at) : null;
  const count = claims.length === 1 ? "1 claim" : `${claims.length} claims`;
  return `Finished${took === null || took < 1000 ? "" : ` in ${spanWords(took)}`}, ${count}.`;
}
