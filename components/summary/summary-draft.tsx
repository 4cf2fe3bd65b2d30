"use client";

import { Info } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { ModelText } from "#components/marks/voices.tsx";
import { useRunStream } from "#lib/browser/run-stream.ts";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import { RunClaims } from "./run-claims.tsx";
import { useSummaryLinks } from "./summary-links.tsx";

/**
 * A summary while it is written: claims below each other as they are stored, never moved, never final. How it stands
 * with the last of the runs, and which of them is issued, is told at the foot of the pane.
 */
export function SummaryDraft({ runs }: { runs: readonly RunRow[] }) {
  return (
    <div className="flex flex-col gap-5 px-3 py-3">
      {runs.map((run) => (
        <DraftRun key={run.id} run={run} />
      ))}
    </div>
  );
}

function DraftRun({ run }: { run: RunRow }) {
  const { incidentNumber } = useSummaryLinks();
  const { claims, notices, done, events } = useRunStream(run.id);
  const begun = events.find(({ kind }) => kind === "started");
  return (
    <article aria-label="Summary being written" className="flex min-w-0 flex-col gap-3">
      {run.kind === "repair" ? (
        <h2 className="text-xs font-medium text-dim">The claims that failed, gone over once</h2>
      ) : null}
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
    </article>
  );
}

/** What a reader should know of a run, each a sentence. */
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
