"use client";

import { ChevronRight } from "lucide-react";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { cx } from "#components/ui/cx.ts";
import { later, soon } from "#components/ui/later.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { InstructionLikeMark } from "#components/marks/instruction-like.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import type { ClaimView } from "#lib/contracts/views.ts";
import { STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import { findingsOf, tellingFinding } from "./check-words.ts";
import type { Finding } from "./check-words.ts";
import { CitationButton } from "./citation-button.tsx";
import { distinctCitations } from "./citation-numbers.ts";
import { ClaimActs } from "./claim-acts.tsx";
import { ClaimReviews } from "./claim-reviews.tsx";
import { Pieces } from "./pieces.tsx";
import { ShowRecords } from "./show-records.tsx";
import { useSummaryLinks } from "./summary-links.tsx";

const ClaimChecks = later(
  dynamic(soon(async () => (await import("./claim-checks.tsx")).ClaimChecks)),
);

/** More citations than this stand behind "+n". */
const CITATIONS_SHOWN = 6;

type Props = {
  claim: ClaimView;
  numbers: ReadonlyMap<string, number>;
  active: boolean;
  onActivate: () => void;
};

/** One claim: its words, where they stand in the evidence, what code found, and what people said to it. */
export function ClaimItem({ claim, numbers, active, onActivate }: Props) {
  const [open, setOpen] = useState(false);
  const findings = useMemo(() => findingsOf(claim.checks), [claim.checks]);
  const telling = tellingFinding(findings);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- focus on anything inside makes it the claim in hand; it is no control itself
    <li
      id={`claim-${claim.id}`}
      tabIndex={-1}
      aria-current={active ? "true" : undefined}
      aria-label={`Claim ${claim.ordinal + 1}`}
      onFocus={onActivate}
      className={cx(
        "group/claim relative -mx-2 grid scroll-my-8 grid-cols-[20px_minmax(0,1fr)] rounded-control px-2 py-1.5 outline-offset-[-2px]",
        active ? "bg-selected/60" : "hover:bg-hover/60",
      )}
    >
      <span className="record pt-px text-2xs leading-[1.7] text-faint">{claim.ordinal + 1}</span>
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="font-normal wrap-anywhere">
          <ClaimWords claim={claim} /> <Citations claim={claim} numbers={numbers} />
        </p>
        <Reason claim={claim} findings={findings} />
        <div className="relative flex min-h-6 flex-wrap items-center gap-x-2 text-xs">
          <StandingMark standing={claim.standing} className="text-dim" />
          <button
            type="button"
            data-act="checks"
            aria-expanded={open}
            aria-controls={`checks-${claim.id}`}
            onClick={() => setOpen(!open)}
            className="inline-flex items-center gap-0.5 text-faint hover:text-text"
          >
            <ChevronRight
              className={cx("size-3.5 transition-transform", open && "rotate-90")}
              strokeWidth={1.5}
              aria-hidden
            />
            {checksWord(findings)}
          </button>
          {telling ? null : <CountedRecords findings={findings} />}
          <Before before={claim.before} />
          <CitesInstruction claim={claim} />
          <ClaimActs claim={claim} active={active} />
        </div>
        <div id={`checks-${claim.id}`} hidden={!open}>
          {open ? <ClaimChecks findings={findings} /> : null}
        </div>
        <ClaimReviews reviews={claim.reviews} />
      </div>
    </li>
  );
}

const UNCOVERED = "No check covers these words";

function ClaimWords({ claim }: Pick<Props, "claim">) {
  const marks = claim.uncovered.map(([start, end]) => ({
    start,
    end,
    tone: "uncovered" as const,
    title: UNCOVERED,
  }));
  return <HostileText text={claim.text} marks={marks} />;
}

/** Whose word it is where no record can settle it, and the worst that was found, as a sentence. */
function Reason({ claim, findings }: { claim: ClaimView; findings: readonly Finding[] }) {
  const reason = tellingFinding(findings)?.reason;
  const judged = claim.kind === "assessment";
  if (!reason && !judged) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-dim">
      {judged ? (
        <Badge tone="model" title="An assessment: no record can settle it, a person judges it">
          The model's judgement
        </Badge>
      ) : null}
      {reason ? (
        <span className="line-clamp-3 min-w-0 wrap-anywhere">
          <Pieces pieces={reason} />
        </span>
      ) : null}
      {reason ? <CountedRecords findings={findings} /> : null}
    </p>
  );
}

/** The records behind the claim's number, one press away. */
function CountedRecords({ findings }: { findings: readonly Finding[] }) {
  const counted = findings.find(({ query }) => query !== null && query.records !== null);
  return counted?.query ? <ShowRecords query={counted.query} /> : null;
}

function Before({ before }: Pick<ClaimView, "before">) {
  if (!before) return null;
  return (
    <span className="text-faint">
      was: {STANDING_WORDS[before.standing]}, by verifier {before.verifier}
    </span>
  );
}

/** The claim rests on a record that tries to tell its reader what to do. */
function CitesInstruction({ claim }: Pick<Props, "claim">) {
  const { instructionLike } = useSummaryLinks();
  const cited = claim.citations.find(
    ({ evidenceId }) => evidenceId !== null && instructionLike?.has(evidenceId),
  );
  if (!cited) return null;
  return (
    <span className="inline-flex items-center gap-1 text-2xs text-warn">
      <InstructionLikeMark />
      <span aria-hidden>cites {cited.label}</span>
    </span>
  );
}

function checksWord(findings: readonly Finding[]): string {
  const failed = findings.filter((finding) => finding.effect !== "supported").length;
  if (failed > 0) return `${failed} of ${findings.length} checks did not hold`;
  return findings.length === 1 ? "1 check held" : `${findings.length} checks held`;
}

function Citations({ claim, numbers }: Pick<Props, "claim" | "numbers">) {
  const [all, setAll] = useState(false);
  const citations = distinctCitations(claim);
  const shown = all ? citations : citations.slice(0, CITATIONS_SHOWN);
  const more = citations.length - shown.length;
  return (
    <span className="inline-flex flex-wrap gap-1 align-baseline">
      {shown.map((citation, index) => (
        <CitationButton
          key={index}
          citation={citation}
          number={numbers.get(citation.label) ?? index + 1}
          claimId={claim.id}
        />
      ))}
      {more > 0 ? (
        <button
          type="button"
          onClick={() => setAll(true)}
          aria-label={`Show ${more} more citations`}
          className="record px-1 text-2xs text-dim hover:text-text"
        >
          +{more}
        </button>
      ) : null}
    </span>
  );
}
