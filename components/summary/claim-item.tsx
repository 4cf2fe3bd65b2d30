"use client";

import { useState } from "react";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import type { ClaimView } from "#lib/contracts/views.ts";
import { CitationButton } from "./citation-button.tsx";
import { distinctCitations } from "./citation-numbers.ts";
import { ClaimActs } from "./claim-acts.tsx";
import { ClaimChecks } from "./claim-checks.tsx";
import { ClaimReviews } from "./claim-reviews.tsx";

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
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- focus on anything inside makes it the claim in hand; it is no control itself
    <li
      id={`claim-${claim.id}`}
      tabIndex={-1}
      aria-current={active ? "true" : undefined}
      aria-label={`Claim ${claim.ordinal + 1}`}
      onFocus={onActivate}
      className={cx(
        "group/claim relative -mr-2 grid grid-cols-[20px_minmax(0,1fr)] rounded-control py-1.5 pr-2 outline-offset-[-2px]",
        active ? "bg-selected/60" : "hover:bg-hover/60",
      )}
    >
      <span className="record pt-px text-2xs leading-[1.7] text-faint">{claim.ordinal + 1}</span>
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="font-normal [overflow-wrap:anywhere]">
          <HostileText
            text={claim.text}
            marks={claim.uncovered.map(([start, end]) => ({
              start,
              end,
              tone: "uncovered" as const,
            }))}
          />{" "}
          <Citations claim={claim} numbers={numbers} />
        </p>
        <div className="flex min-h-5 flex-wrap items-center gap-x-3 gap-y-1 text-xs">
          <StandingMark standing={claim.standing} className="text-dim" />
          <span className="text-faint">{claim.kind}</span>
          <button
            type="button"
            aria-expanded={open}
            aria-controls={`checks-${claim.id}`}
            onClick={() => setOpen(!open)}
            className="text-faint underline-offset-2 hover:text-text hover:underline"
          >
            {checksWord(claim)}
          </button>
        </div>
        <div id={`checks-${claim.id}`} hidden={!open}>
          {open ? <ClaimChecks checks={claim.checks} /> : null}
        </div>
        <ClaimReviews reviews={claim.reviews} />
        <ClaimActs claim={claim} active={active} />
      </div>
    </li>
  );
}

function checksWord(claim: ClaimView): string {
  const failed = claim.checks.filter((check) => check.effect !== "supported").length;
  const all = claim.checks.length === 1 ? "1 check" : `${claim.checks.length} checks`;
  return failed > 0 ? `${failed} of ${all} did not hold` : all;
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
