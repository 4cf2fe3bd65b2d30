"use client";

import { Siren } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonText } from "#components/marks/voices.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { cx } from "#components/ui/cx.ts";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { spanWords } from "#components/ui/time-words.ts";
import type { SecondReviewView } from "#lib/contracts/second-review-views.ts";
import type { DecisionView, PersonView } from "#lib/contracts/views.ts";
import { ruleSecondReview, SECOND_REVIEW_WORDS } from "#lib/domain/decision/second-review.ts";
import { GiveSecondReview } from "./give-second-review.tsx";

/** That one lead decided alone, and what another lead says to it; nothing for any other decision. */
export function SecondReview({ decision, person }: { decision: DecisionView; person: PersonView }) {
  if (!decision.breakGlass) return null;
  const { secondReview: review, signOffs, proposer } = decision;
  const reasons = ruleSecondReview({
    review: review && { given: review.given !== null },
    proposerId: proposer.id,
    signerIds: signOffs.map((signOff) => signOff.person.id),
    reviewer: { ...person, active: true },
  });
  return (
    <section
      aria-label="Break-glass"
      className="flex flex-col gap-2 border-l-2 border-danger bg-danger/8 px-3 py-2"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="flex min-w-0 flex-1 items-center gap-1.5 text-sm">
          <Siren className="size-4 shrink-0 text-danger" strokeWidth={1.5} aria-hidden />
          <span>
            <span className="font-medium text-danger">Break-glass.</span>{" "}
            {review ? (
              <Due review={review} />
            ) : (
              (BEFORE[decision.state] ?? "It did not take effect.")
            )}
          </span>
        </p>
        {reasons.length === 0 ? <GiveSecondReview decisionId={decision.id} /> : null}
      </div>
      <Given review={review} decision={decision} />
    </section>
  );
}

const BEFORE: Partial<Record<DecisionView["state"], string>> = {
  proposed: "One lead decides this alone; another lead reviews it afterwards.",
};

/** Until when another lead reviews it; past that, for how long it is overdue. */
export function Due({ review }: { review: SecondReviewView }) {
  const left = Date.parse(review.dueAt) - useNow();
  if (review.given) return <>One lead decided this alone.</>;
  return (
    <span className={cx(left < 0 && "font-medium text-danger")}>
      {left < 0
        ? `The second review is overdue by ${spanWords(-left)}.`
        : `The second review is due in ${spanWords(left)}.`}
    </span>
  );
}

export function Given({
  review,
  decision,
}: {
  review: SecondReviewView | null;
  decision: Pick<DecisionView, "kind" | "incidentId">;
}) {
  if (!review?.given) return null;
  const { outcome, words, at, person, assurance } = review.given;
  const objected = outcome === "objected";
  return (
    <PersonText
      name={person.name}
      role={person.role}
      when={<ExactTime at={at} className="text-faint" />}
      aside={
        <span className={objected ? "text-danger" : "text-ok"}>
          {SECOND_REVIEW_WORDS[outcome].toLowerCase()} in the second review,{" "}
          {assurance === null ? (
            <span className="text-warn">not signed</span>
          ) : (
            `signed by ${assurance}`
          )}
        </span>
      }
    >
      <p className="text-dim">
        <HostileText text={words} lines />
      </p>
      {objected ? (
        <p className="flex flex-wrap items-center gap-3 text-sm">
          <span>The objection changes nothing by itself.</span>
          {decision.kind === "closure" ? (
            <ButtonLink size="sm" href={`/incidents/${decision.incidentId}?propose=reopening`}>
              Propose reopening
            </ButtonLink>
          ) : null}
        </p>
      ) : null}
    </PersonText>
  );
}
