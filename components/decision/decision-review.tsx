"use client";

import { ArrowLeft } from "lucide-react";
import { ButtonLink } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Notice } from "#components/ui/states.tsx";
import { BreakGlassMark } from "#components/marks/break-glass.tsx";
import { DecisionBadge } from "#components/marks/status-mark.tsx";
import { countdownWords } from "#components/ui/time-words.ts";
import type { PasskeyView } from "#lib/contracts/passkey-view.ts";
import type { ClaimView, DecisionView, IncidentHead, PersonView } from "#lib/contracts/views.ts";
import type { IncidentFacts } from "#lib/domain/decision/decision.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { askSigning, changesSince } from "./ask-gate.ts";
import { ReviewClaims } from "./review-claims.tsx";
import { ReviewStatement } from "./review-statement.tsx";
import { ReviewTargets } from "./review-targets.tsx";
import { SealLine } from "./seal-line.tsx";
import { SignPanel } from "./sign-panel.tsx";

/** `generator` wrote it ("rules/2" or the model's id), at `issuedAt`. */
export type ReviewClaim = ClaimView & {
  origin: "rules" | "model";
  generator: string;
  issuedAt: string;
};
export type ReviewProps = {
  person: PersonView;
  head: IncidentHead;
  decision: DecisionView;
  statement: Statement;
  facts: IncidentFacts;
  claims: readonly ReviewClaim[];
  /** The person's own, that may sign. */
  passkeys: readonly PasskeyView[];
};

/** The most serious screen: what would be signed, what it rests on, and the signature. */
export function DecisionReview(props: ReviewProps) {
  const { person, head, decision, statement, facts } = props;
  const now = useNow(1000);
  const open = decision.state === "proposed";
  const changes = open ? changesSince(statement, facts) : [];
  const reasons = askSigning({ ...props, now });
  return (
    <div data-bare className="flex min-h-0 flex-1 flex-col">
      <ReviewHeader head={head} decision={decision} now={now} />
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto md:grid-cols-2 md:divide-x md:overflow-hidden">
        <section
          aria-label="What is signed"
          tabIndex={0}
          className="flex min-w-0 flex-col gap-5 px-6 py-5 outline-offset-[-2px] md:overflow-y-auto lg:px-10"
        >
          {changes.length > 0 ? (
            <Notice tone="warn">
              Changed since this was proposed: {changes.join(" ")} It can no longer be signed.
            </Notice>
          ) : null}
          <ReviewStatement decision={decision} statement={statement} />
          <ReviewTargets content={decision.content} />
        </section>
        <section
          aria-label="What it rests on"
          tabIndex={0}
          className="flex min-w-0 flex-col gap-5 px-6 py-5 outline-offset-[-2px] md:overflow-y-auto lg:px-10"
        >
          <ReviewClaims incidentId={head.id} claims={props.claims} />
          <SignOffs decision={decision} />
        </section>
      </div>
      <SignPanel
        person={person}
        decision={decision}
        meaning={statement.meaning}
        passkeys={props.passkeys}
        reasons={reasons}
        maySign={may(person.role, "decision:sign")}
      />
    </div>
  );
}

export function ReviewHeader({
  head,
  decision,
  now,
}: {
  head: IncidentHead;
  decision: DecisionView;
  now: number;
}) {
  const left = Date.parse(decision.expiresAt) - now;
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-3 border-b px-4">
      <ButtonLink
        tone="quiet"
        href={`/incidents/${head.id}`}
        icon={<ArrowLeft className="size-4" strokeWidth={1.5} aria-hidden />}
      >
        {decision.state === "proposed" ? "Leave without signing" : "Back to the incident"}
      </ButtonLink>
      <h1 className="min-w-0 flex-1 truncate text-lg font-semibold">
        {DECISION_WORDS[decision.kind]} of <span className="record text-[15px]">{head.number}</span>
        {alsoWords(decision)}
      </h1>
      {decision.breakGlass ? <BreakGlassMark /> : null}
      <DecisionBadge kind={decision.kind} state={decision.state} />
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

export function SignOffs({ decision }: { decision: DecisionView }) {
  return (
    <section aria-label="Signatures" className="flex flex-col gap-3 border-t pt-4">
      <h2 className="text-xs font-medium text-dim">Signatures</h2>
      {decision.signOffs.length === 0 ? (
        <p className="text-dim">Nobody has signed yet.</p>
      ) : (
        decision.signOffs.map((signOff) => (
          <SealLine key={signOff.id} signOff={signOff} statementSha256={decision.statementSha256} />
        ))
      )}
    </section>
  );
}
