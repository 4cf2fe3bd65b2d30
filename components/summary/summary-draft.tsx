"use client";

import { Info } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { ModelText } from "#components/marks/voices.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/states.tsx";
import { spanWords } from "#components/ui/time-words.ts";
import { useRunStream } from "#lib/browser/run-stream.ts";
import type { RunStream } from "#lib/browser/run-stream.ts";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import type { SummaryView } from "#lib/contracts/views.ts";
import { RunClaims } from "./run-claims.tsx";
import { RunStatus } from "./run-status.tsx";
import { endWords } from "./run-words.ts";
import { useSummaryLinks } from "./summary-links.tsx";
import { useOnEnd } from "./use-on-end.ts";

type Props = {
  /** First one first; those that have ended stay. */
  runs: readonly RunRow[];
  /** The summaries as they are issued now: one of them may be what a run came to. */
  issued: readonly SummaryView[];
  mayCancel: boolean;
  onChanged: () => void;
  onShow: () => void;
};

/** A summary while it is written: claims below each other as they are stored, never moved, never final. */
export function SummaryDraft({ runs, ...rest }: Props) {
  return (
    <div className="flex flex-col gap-5 px-3 py-3">
      {runs.map((run) => (
        <DraftRun key={run.id} run={run} {...rest} />
      ))}
    </div>
  );
}

type RunProps = Omit<Props, "runs"> & { run: RunRow };

function DraftRun({ run, issued, mayCancel, onChanged, onShow }: RunProps) {
  const stream = useRunStream(run.id);
  const { incidentNumber } = useSummaryLinks();
  const { claims, notices, done } = stream;
  useOnEnd(done !== null, onChanged);
  const begun = stream.events.find(({ kind }) => kind === "started");
  return (
    <article aria-label="Summary being written" className="flex min-w-0 flex-col gap-3">
      <ModelText
        model={begun?.kind === "started" ? begun.data.model : run.model}
        at={begun?.at ?? run.startedAt}
        aside="draft, not final"
      >
        {claims.length > 0 ? (
          <RunClaims
            runId={run.id}
            claims={claims}
            label="Claims so far"
            href={`/incidents/${incidentNumber}`}
          />
        ) : (
          <p className="py-1 text-dim">
            {done
              ? "It holds no claim."
              : "No claim yet. Each stands here once it is checked against the evidence and stored."}
          </p>
        )}
      </ModelText>
      <Notices sentences={notices} />
      <output className="flex min-h-7 items-center" aria-live="polite">
        {done ? (
          <Ended run={run} stream={stream} issued={issued} onShow={onShow} />
        ) : (
          <RunStatus
            run={run}
            claimCount={claims.length}
            mayCancel={mayCancel}
            onChanged={onChanged}
          />
        )}
      </output>
    </article>
  );
}

/** What a reader should know of the run, each a sentence. */
export function Notices({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <ul className="flex flex-col gap-0.5 text-xs text-dim">
      {sentences.map((sentence, index) => (
        <li key={index} className="flex gap-1.5">
          <Info className="mt-0.5 size-3.5 shrink-0" strokeWidth={1.5} aria-hidden />
          <HostileText text={sentence} />
        </li>
      ))}
    </ul>
  );
}

type EndedProps = Pick<RunProps, "run" | "issued" | "onShow"> & { stream: RunStream };

function Ended({ run, stream, issued, onShow }: EndedProps) {
  const { done, claims } = stream;
  if (!done) return null;
  const summary = issued.find((one) => one.run?.id === run.id);
  const end = endWords({ state: done.state, error: done.reason, fault: run.fault });
  const begun = stream.events.find(({ kind }) => kind === "started");
  const ended = stream.events.at(-1);
  const took = begun && ended ? Date.parse(ended.at) - Date.parse(begun.at) : null;
  const count = claims.length === 1 ? "1 claim" : `${claims.length} claims`;
  return (
    <Notice
      tone={end ? "warn" : "info"}
      className="w-full"
      action={
        summary ? (
          <Button size="sm" onClick={onShow}>
            Show version {summary.version}
          </Button>
        ) : (
          <ButtonLink size="sm" tone="quiet" href={`/runs/${run.id}`}>
            Open the run
          </ButtonLink>
        )
      }
    >
      {end ? (
        <>
          <HostileText text={end.what} /> {end.remedy}{" "}
        </>
      ) : (
        `Finished${took === null ? "" : ` in ${spanWords(took)}`}: ${count}. `
      )}
      {summary
        ? `Issued as version ${summary.version}${done.isComplete ? "" : ", incomplete"}.`
        : null}
    </Notice>
  );
}
