"use client";

import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Preview } from "#components/ui/popover.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { CitationView } from "#lib/contracts/views.ts";
import { useSummaryLinks } from "./summary-links.tsx";

type Props = { citation: CitationView; number: number; claimId: string };

/** `[2]`: a look at the excerpt on hover and focus, the record itself on a press. */
export function CitationButton({ citation, number, claimId }: Props) {
  const { onCite, wentTo } = useSummaryLinks();
  const { evidenceId, label, start } = citation;
  const missing = evidenceId === null;
  const went = wentTo?.(label) ?? null;
  const name = missing
    ? `Citation ${number}: ${label} is not in this incident`
    : went
      ? `Citation ${number}: ${label} went to ${went}`
      : `Citation ${number}: open ${label}${start === null ? ", the quoted words are not in it" : ""}`;
  return (
    <Preview
      className="w-[440px]"
      trigger={
        <button
          type="button"
          aria-label={name}
          aria-disabled={missing || undefined}
          onClick={() => {
            if (!missing) onCite(citation, claimId);
          }}
          className={cx(
            "record inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-control px-1",
            "align-[1px] text-2xs font-medium tabular-nums transition-colors",
            start === null || went
              ? "border border-dashed border-line-strong text-dim line-through"
              : "bg-accent/15 text-accent hover:bg-accent/30",
          )}
        >
          {number}
        </button>
      }
    >
      <Excerpt citation={citation} />
    </Preview>
  );
}

function Excerpt({ citation }: { citation: CitationView }) {
  const { recordOf, wentTo } = useSummaryLinks();
  const { evidenceId, label, quote, start } = citation;
  const record = evidenceId ? recordOf(evidenceId) : null;
  const went = wentTo?.(label) ?? null;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex min-w-0 items-baseline gap-2 text-xs">
        <span className="record shrink-0 text-faint">{label}</span>
        {record ? (
          <span className="min-w-0 flex-1 truncate font-medium">
            <HostileText text={record.title} />
          </span>
        ) : null}
        {record?.time ? (
          <ExactTime at={record.time} className="record shrink-0 text-faint" />
        ) : null}
      </div>
      <blockquote className="record max-h-40 overflow-y-auto rounded-control bg-sunken px-2 py-1.5 text-text">
        <HostileText text={quote} lines />
      </blockquote>
      {evidenceId === null ? (
        <p className="text-xs text-warn">There is no {label} in this incident.</p>
      ) : went ? (
        <p className="text-xs text-warn">
          {label} went to {went} by a split, so this claim is not borne out here any more.
        </p>
      ) : start === null ? (
        <p className="text-xs text-warn">These words do not stand in the record as quoted.</p>
      ) : (
        <p className="text-2xs text-faint">Press to open the record with these words marked.</p>
      )}
    </div>
  );
}
