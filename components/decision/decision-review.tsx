"use client";

import { ArrowLeft } from "lucide-react";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { ButtonLink } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { BreakGlassMark } from "#components/marks/break-glass.tsx";
import { DecisionBadge } from "#components/marks/status-mark.tsx";
import { countdownWords } from "#components/ui/time-words.ts";
import type { ReviewView } from "#lib/contracts/review-views.ts";
import type { ClaimView, DecisionView, IncidentHead, PersonView } from "#lib/contracts/views.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { askRejecting, askSigning, changesSince } from "./ask-gate.ts";
import { requirementLines, signOffWords } from "./requirement-lines.ts";
import { ReviewChanges } from "./review-changes.tsx";
import { ReviewClaims } from "./review-claims.tsx";
import { EvidenceBar, EvidencePanel } from "./review-evidence.tsx";
import type { RecordPart } from "./review-evidence.tsx";
import { ReviewNeeds } from "./review-needs.tsx";
import { ReviewStatement } from "./review-statement.tsx";
import { ReviewTargets } from "./review-targets.tsx";
import { SealLine } from "./seal-line.tsx";
import { StaysClosed } from "./stays-closed.tsx";
import { SignPanel } from "./sign-panel.tsx";
import { statusLine } from "./status-line.ts";
import { useEvidenceBeside } from "./use-evidence-beside.ts";
import type { EvidenceBeside } from "./use-evidence-beside.ts";
import { useFreshPage, useReviewKeys } from "./use-review-keys.ts";
import { TakenBy } from "./taken-by.tsx";
import { useHeld } from "./use-taking.ts";

/** `generator` wrote it ("rules/2" or the model's id), at `issuedAt`. */
export type ReviewClaim = ClaimView & {
  origin: "rules" | "model";
  generator: string;
  issuedAt: string;
};
type Props = { person: PersonView; review: ReviewView; Record: RecordPart };

/** The most serious screen: what would be signed, what it rests on, and the signature. */
export function DecisionReview({ person, review, Record }: Props) {
  const { head, decision, take } = review;
  const now = useNow();
  useHeld(decision.id, take?.person.id === person.id);
  const claims = useMemo(() => frontClaims(review), [review]);
  const beside = useEvidenceBeside({ personId: person.id, claims, records: review.records });
  const asked = askAll({ person, review, beside, now });
  useFreshPage(head.id);
  useReviewKeys(head.id, beside);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <ReviewHeader
        head={head}
        decision={decision}
        now={now}
        mayRead={may(person.role, "trail:read")}
      >
        <TakenBy take={take} personId={person.id} />
      </ReviewHeader>
      <p role="status" className="sr-only">
        {statusLine({ decision, beside, reasons: asked.reasons, lines: asked.lines })}
      </p>
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto md:grid-cols-2 md:divide-x md:overflow-hidden">
        <WhatIsSigned review={review} claims={claims} asked={asked} />
        <section
          aria-label="What it rests on"
          className="flex min-w-0 flex-col border-t md:min-h-0 md:overflow-hidden md:border-t-0"
        >
          <EvidenceBar
            beside={beside}
            asked={decision.state === "proposed" && (decision.needs?.evidenceOpened ?? false)}
          />
          <div
            role="region"
            aria-label="Claims and signatures"
            tabIndex={0}
            className="flex flex-col gap-5 px-6 py-5 outline-offset-[-2px] md:min-h-0 md:flex-1 md:overflow-y-auto lg:px-10"
          >
            <ReviewClaims claims={claims} waived={asked.statement.claims.waived} beside={beside} />
            <SignOffs decision={decision} now={now} />
          </div>
          <EvidencePanel incidentId={head.id} beside={beside} Record={Record} />
        </section>
      </div>
      <SignPanel
        person={person}
        decision={decision}
        meaning={asked.statement.meaning}
        passkeys={review.passkeys}
        reasons={asked.reasons}
        mayReject={asked.mayReject}
        onOpenMissing={beside.openMissing}
        maySign={may(person.role, "decision:sign")}
      />
    </div>
  );
}

type Asked = ReturnType<typeof askAll>;

/** What the rules say to this reader and this decision now. */
function askAll({
  person,
  review,
  beside,
  now,
}: Omit<Props, "Record"> & { beside: EvidenceBeside; now: number }) {
  const { decision, facts } = review;
  const statement = JSON.parse(decision.statement) as Statement;
  const [cited, opened] = [beside.cited.length, beside.openedCount];
  const question = { person, decision, statement, facts, notOpened: cited - opened, now };
  const { needs, signOffs, state } = decision;
  return {
    statement,
    reasons: askSigning(question),
    mayReject: askRejecting(question).length === 0,
    lines: needs ? requirementLines({ needs, signOffs, statement, facts, cited, opened, now }) : [],
    changes: state === "proposed" || state === "stale" ? changesSince(statement, facts) : [],
  };
}

type SignedProps = { review: ReviewView; claims: readonly ReviewClaim[]; asked: Asked };

function WhatIsSigned({ review, claims, asked }: SignedProps) {
  const { head, decision } = review;
  return (
    <section
      aria-label="What is signed"
      tabIndex={0}
      className="flex min-w-0 flex-col gap-5 px-6 py-5 outline-offset-[-2px] md:overflow-y-auto lg:px-10"
    >
      {asked.changes.length > 0 ? (
        <ReviewChanges
          head={head}
          sentences={asked.changes}
          changes={review.changes}
          claims={claims}
        />
      ) : null}
      {decision.state === "proposed" &&
      decision.kind === "containment" &&
      review.facts.status === "closed" ? (
        <StaysClosed />
      ) : null}
      <ReviewStatement decision={decision} statement={asked.statement} />
      <ReviewTargets content={decision.content} targets={review.targets} />
      {decision.needs && decision.state === "proposed" ? (
        <ReviewNeeds version={decision.needs.policyVersion} lines={asked.lines} />
      ) : null}
    </section>
  );
}

function frontClaims({ summaries }: ReviewView): ReviewClaim[] {
  return summaries
    .toSorted((a, b) => a.origin.localeCompare(b.origin)) // the model's, then the rules'
    .flatMap(({ origin, generator, issuedAt, claims }) =>
      claims
        .filter((claim) => claim.front)
        .map((claim) => ({ ...claim, origin, generator, issuedAt })),
    );
}

export function ReviewHeader({
  head,
  decision,
  now,
  mayRead,
  children,
}: {
  head: IncidentHead;
  decision: DecisionView;
  now: number;
  /** Whether its reasons are open to this reader. */
  mayRead: boolean;
  children: ReactNode;
}) {
  const left = Date.parse(decision.expiresAt) - now;
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-3 border-b px-4">
      <ButtonLink
        tone="quiet"
        href={`/incidents/${head.id}`}
        keys="Esc"
        icon={<ArrowLeft className="size-4" strokeWidth={1.5} aria-hidden />}
      >
        {decision.state === "proposed" ? "Leave without signing" : "Back to the incident"}
      </ButtonLink>
      <h1 className="min-w-0 flex-1 truncate text-lg font-semibold">
        {DECISION_WORDS[decision.kind]} of <span className="record text-[15px]">{head.number}</span>
        {alsoWords(decision)}
      </h1>
      {children}
      {decision.breakGlass ? <BreakGlassMark /> : null}
      <DecisionBadge kind={decision.kind} state={decision.state} />
      {mayRead ? (
        <ButtonLink
          tone="quiet"
          href={`/incidents/${head.number}/decisions/${decision.id}/reasons`}
        >
          {decision.state === "proposed" ? "Reasons" : "Reasons and certificate"}
        </ButtonLink>
      ) : null}
      {decision.state === "proposed" && left > 0 ? (
        <span className={`text-xs tabular-nums ${left < 600_000 ? "text-warn" : "text-dim"}`}>
          Expires in {countdownWords(left)}
        </span>
      ) : null}
    </header>
  );
}

/** How many others a closure of several incidents closes besides the first. */
function alsoWords({ content }: DecisionView): string {
  const others = content.kind === "closure" ? (content.incidents ?? []).length - 1 : 0;
  return others > 0 ? ` and ${others} ${others === 1 ? "other" : "others"}` : "";
}

/** What the other signers wrote and when, and whether each signature counts as things stand. */
export function SignOffs({ decision, now }: { decision: DecisionView; now: number }) {
  return (
    <section aria-label="Signatures" className="flex flex-col gap-3 border-t pt-4">
      <h2 className="text-xs font-medium text-dim">Signatures</h2>
      {decision.signOffs.length === 0 ? (
        <p className="text-dim">Nobody has signed yet.</p>
      ) : (
        decision.signOffs.map((signOff) => {
          const stands = signOffWords(decision, signOff, now);
          return (
            <div key={signOff.id} className="flex flex-col gap-0.5">
              <SealLine signOff={signOff} statementSha256={decision.statementSha256} />
              {stands ? <p className="pl-3 text-xs text-dim tabular-nums">{stands}</p> : null}
            </div>
          );
        })
      )}
    </section>
  );
}
