import { HostileText } from "#components/marks/hostile-text.tsx";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type { ClaimReviewView, ClaimView, SummaryView } from "#lib/contracts/views.ts";
import { STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import type { Cited } from "./paper-numbers.ts";

const OUTCOME_WORDS: Record<ClaimReviewView["outcome"], string> = {
  accepted: "Accepted",
  disputed: "Disputed",
  corrected: "Corrected",
};

type Props = { summary: SummaryView; numbered: readonly Cited[] };

/** One summary on paper: who wrote it, and each claim with its standing in words and its records by number. */
export function PaperSummary({ summary, numbered }: Props) {
  const numbers = new Map(numbered.map(({ evidenceId, number }) => [evidenceId, number]));
  const name =
    summary.origin === "model" ? `Summary by the model ${summary.generator}` : "Summary by rules";
  return (
    <section aria-label={name}>
      <h2 className="text-lg font-semibold wrap-anywhere">
        <HostileText text={name} />
      </h2>
      <p className="mb-1 text-xs text-dim">
        Version {summary.version}
        {summary.promptVersion ? `, prompt ${summary.promptVersion}` : ""}, issued{" "}
        {utcWords(summary.issuedAt)} over {summary.recordCount} records.
        {summary.state === "incomplete" ? " It is incomplete." : ""}
        {summary.stale ? " Evidence came since: it is stale." : ""}
        {summary.origin === "model" ? " The model suggests; the standing is found by code." : ""}
      </p>
      <ol className="flex flex-col gap-1.5">
        {summary.claims.map((claim) => (
          <li key={claim.id} className="grid grid-cols-[32px_1fr] gap-x-2">
            <span className="tabular-nums">{claim.ordinal + 1}.</span>
            <Claim claim={claim} numbers={numbers} />
          </li>
        ))}
      </ol>
      {summary.notMentioned.length > 0 ? (
        <p className="mt-2">
          Not mentioned: {summary.notMentioned.map(({ label }) => label).join(", ")}.
        </p>
      ) : null}
    </section>
  );
}

type ClaimProps = { claim: ClaimView; numbers: ReadonlyMap<string, number> };

function Claim({ claim, numbers }: ClaimProps) {
  const cited = new Set(
    claim.citations.flatMap(({ evidenceId }) => numbers.get(evidenceId ?? "") ?? []),
  );
  return (
    <div className="min-w-0">
      <span className="wrap-anywhere">
        <HostileText text={claim.text} />
      </span>{" "}
      <span className="tabular-nums">{[...cited].map((number) => `[${number}]`).join("")}</span>
      <span className="block text-xs text-dim">{STANDING_WORDS[claim.standing]}</span>
      {claim.reviews.map(({ id, outcome, person, at, reason, replacement }) => (
        <span key={id} className="block text-xs wrap-anywhere">
          {OUTCOME_WORDS[outcome]} by {person.name}, {ROLE_WORDS[person.role].toLowerCase()},{" "}
          {utcWords(at)}
          {reason ? (
            <>
              : <HostileText text={reason} />
            </>
          ) : null}
          {replacement ? (
            <>
              {" "}
              Instead: <HostileText text={replacement} />
            </>
          ) : null}
        </span>
      ))}
    </div>
  );
}
