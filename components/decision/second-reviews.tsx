"use client";

import { Siren } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SaidText, SentenceText } from "#components/marks/sentence-text.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { SecondReviewLine, SecondReviewPage } from "#lib/contracts/second-review-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { ruleSecondReview } from "#lib/domain/decision/second-review.ts";
import { contentWords, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { GiveSecondReview } from "./give-second-review.tsx";
import { Due, Given } from "./second-review.tsx";

type Props = SecondReviewPage & { person: PersonView; state: "due" | "given"; isFirst: boolean };

/** What was decided by break-glass: what waits for its second review, and what came of the others. */
export function SecondReviews({ reviews, nextCursor, dueCount, person, state, isFirst }: Props) {
  const here = `/second-reviews?state=${state}`;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[960px] flex-col px-6 py-6">
        <PageHead title="Second reviews">
          What one lead decided alone, by break-glass; another lead reviews each.{" "}
          {dueCount === 0
            ? "None is due."
            : dueCount === 1
              ? "One is due."
              : `${dueCount} are due.`}
        </PageHead>
        <nav aria-label="Which" className="flex gap-2 pb-3">
          <ButtonLink
            href="/second-reviews"
            aria-current={state === "due" ? "page" : undefined}
            tone={state === "due" ? "default" : "quiet"}
          >
            Due
          </ButtonLink>
          <ButtonLink
            href="/second-reviews?state=given"
            aria-current={state === "given" ? "page" : undefined}
            tone={state === "given" ? "default" : "quiet"}
          >
            Given
          </ButtonLink>
        </nav>
        {reviews.length === 0 ? (
          <EmptyState
            flush
            icon={<Siren strokeWidth={1.5} aria-hidden />}
            title={state === "due" ? "No second review is due" : "No second review was given yet"}
          >
            A decision by break-glass comes here as soon as it is in effect.
          </EmptyState>
        ) : (
          <ol aria-label="Second reviews" className="flex flex-col border-t">
            {reviews.map((review) => (
              <Line key={review.decisionId} review={review} person={person} />
            ))}
          </ol>
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href={here}>First page</ButtonLink>}
          {nextCursor ? (
            <ButtonLink href={`${here}&cursor=${nextCursor}`}>Next page</ButtonLink>
          ) : null}
        </nav>
      </div>
    </div>
  );
}

function Line({ review, person }: { review: SecondReviewLine; person: PersonView }) {
  const { incident, decisionId, kind, content, proposer, signers } = review;
  const mayGive =
    ruleSecondReview({
      review: { given: review.given !== null },
      proposerId: proposer.id,
      signerIds: signers.map(({ id }) => id),
      reviewer: { ...person, active: true },
    }).length === 0;
  return (
    <li className="flex flex-col gap-2 border-b py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="flex items-center gap-1.5 font-medium">
          <Siren className="size-4 text-danger" strokeWidth={1.5} aria-hidden />
          {DECISION_WORDS[kind]} by break-glass
        </h2>
        <span className="text-xs text-dim">
          <Due review={review} />
        </span>
        <span className="ml-auto">
          {mayGive ? <GiveSecondReview decisionId={decisionId} /> : null}
        </span>
      </div>
      <p>
        <IncidentNumber number={incident.number} /> <HostileText text={incident.title} />
      </p>
      <p className="text-dim">
        <SentenceText sentence={contentWords(content)} />. Reason given:{" "}
        <SaidText text={content.reason} />
      </p>
      <p className="flex gap-4 text-xs text-dim">
        <span>
          Proposed by {proposer.name}, signed by {signers.map(({ name }) => name).join(", ")}
        </span>
        <Link
          href={`/incidents/${incident.id}/decisions/${decisionId}`}
          className="underline underline-offset-2 hover:text-accent"
        >
          Open statement
        </Link>
      </p>
      <Given review={review} decision={{ kind, incidentId: incident.id }} />
    </li>
  );
}
