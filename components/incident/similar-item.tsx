"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useId, useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { Button } from "#components/ui/button.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { previewOptions } from "#lib/browser/preview-data.ts";
import type { SharedPart, SimilarIncident } from "#lib/contracts/similar-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { STATUS_WORDS } from "#lib/domain/incident/words.ts";
import { PreviewBody } from "./preview-body.tsx";
import { decidedWords, partDetail, scoreParts, shownValue } from "./similar-words.ts";

type Props = {
  incident: SimilarIncident;
  ofIncidents: number;
  /** Null: the reader may not merge. */
  onMerge: (() => void) | null;
};

/** One similar incident: what it shares, what was decided of it, and what to do with it. */
export function SimilarItem({ incident, ofIncidents, onMerge }: Props) {
  const { id, number, title, severity, status, openedAt, score, parts, closed } = incident;
  const [isOpen, setOpen] = useState(false);
  const previewId = useId();
  return (
    <li className="flex flex-col gap-1.5 border-b px-3 py-2.5">
      <div className="flex min-w-0 items-center gap-2 text-sm">
        <SeverityMark severity={severity} word={false} />
        <Link
          href={`/incidents/${number}`}
          prefetch={false}
          className="min-w-0 truncate hover:underline"
        >
          <IncidentNumber number={number} /> <HostileText text={title} />
        </Link>
        <span className="ml-auto shrink-0 text-xs text-dim">
          {STATUS_WORDS[status]}, <RelativeTime at={openedAt} />
        </span>
      </div>
      <Why parts={parts} ofIncidents={ofIncidents} />
      <p className="text-xs text-dim">
        {decidedWords(incident)}
        {closed ? (
          <>
            , <RelativeTime at={closed.at} />
          </>
        ) : null}
        . Score {score.toFixed(2)} = {scoreParts(parts)}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          tone="quiet"
          aria-expanded={isOpen}
          aria-controls={isOpen ? previewId : undefined}
          aria-label={`Preview ${number}`}
          onClick={() => setOpen(!isOpen)}
        >
          Preview
        </Button>
        {onMerge && incident.mayNotMerge === null ? (
          <Button
            size="sm"
            tone="quiet"
            aria-label={`Merge into this one: ${number}`}
            onClick={onMerge}
          >
            Merge into this one
          </Button>
        ) : null}
        {onMerge && incident.mayNotMerge !== null ? (
          <span className="text-xs text-dim">Not to be merged: {incident.mayNotMerge}</span>
        ) : null}
      </div>
      {isOpen ? (
        <section id={previewId} aria-label={`Preview of ${number}`} className="border-l pl-3">
          <h2 className="sr-only">Preview of {number}</h2>
          <Preview incidentId={id} />
        </section>
      ) : null}
    </li>
  );
}

function Why({ parts, ofIncidents }: { parts: readonly SharedPart[]; ofIncidents: number }) {
  return (
    <p className="text-sm">
      Shares{" "}
      {parts.map((part, index) => (
        <span key={part.kind === "technique" ? part.id : `${part.type}:${part.value}`}>
          {index === 0 ? "" : index === parts.length - 1 ? " and " : ", "}
          {part.kind === "technique" ? (
            <HostileText text={part.id} />
          ) : (
            <span className="record break-all" title={visibleText(part.value)}>
              <span className="sr-only">{part.type} </span>
              <HostileText text={shownValue(part)} />
            </span>
          )}
          <span className="text-dim">{partDetail(part, ofIncidents)}</span>
        </span>
      ))}
    </p>
  );
}

function Preview({ incidentId }: { incidentId: string }) {
  const query = useQuery(previewOptions(incidentId));
  if (query.isPending) {
    return (
      <>
        <LoadingNote>Loading the preview</LoadingNote>
        <Skeleton className="h-24" />
      </>
    );
  }
  if (query.isError) {
    return (
      <p role="alert" className="text-sm text-danger">
        The preview could not be loaded. {query.error.message}{" "}
        <Button size="sm" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </p>
    );
  }
  return <PreviewBody preview={query.data} />;
}
