"use client";

import { Stamp } from "lucide-react";
import Link from "next/link";
import { BreakGlassMark } from "#components/marks/break-glass.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SentenceText } from "#components/marks/sentence-text.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { DecisionBadge } from "#components/marks/status-mark.tsx";
import { PersonText } from "#components/marks/voices.tsx";
import type { DecisionView, PersonView } from "#lib/contracts/views.ts";
import type { ResponseAction } from "#lib/domain/decision/decision.ts";
import { contentWords } from "#lib/domain/decision/words.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { Responses } from "./responses.tsx";
import { SealLine } from "./seal-line.tsx";
import { SecondReview } from "./second-review.tsx";
import { takenBackBy } from "./taken-back.ts";

type Props = {
  decisions: readonly DecisionView[];
  person: PersonView;
  mayRecord: boolean;
  onRecorded: () => void;
  /** Proposes to take a response back; null: this person proposes nothing. */
  onTakeBack: ((action: ResponseAction) => void) | null;
};

/** Every decision on the incident, newest first: proposed, signed, refused, expired. Nothing is left out. */
export function DecisionList({ decisions, person, mayRecord, onRecorded, onTakeBack }: Props) {
  const takenBack = takenBackBy(decisions);
  if (decisions.length === 0) {
    return (
      <EmptyState icon={<Stamp />} title="No decisions yet">
        An escalation, a containment or a closure is proposed with the buttons above, and takes
        effect once it has the signatures that the policy asks for.
      </EmptyState>
    );
  }
  return (
    <ol className="flex min-h-0 flex-1 flex-col divide-y overflow-y-auto">
      {decisions.map((decision) => (
        <li key={decision.id} className="flex flex-col gap-2 px-3 py-3">
          <div className="flex items-center gap-2">
            <DecisionBadge kind={decision.kind} state={decision.state} />
            {decision.breakGlass ? <BreakGlassMark /> : null}
            <RelativeTime at={decision.proposedAt} className="text-2xs text-faint" />
            <DecisionLinks decision={decision} mayRead={may(person.role, "trail:read")} />
          </div>
          <p className="font-medium">
            <SentenceText sentence={contentWords(decision.content)} />
          </p>
          <PersonText
            name={decision.proposer.name}
            role={decision.proposer.role}
            aside={<span>proposed</span>}
          >
            <p className="text-dim">
              <HostileText text={decision.content.reason} lines />
            </p>
          </PersonText>
          {decision.reasons.length > 0 ? (
            <ul aria-label="Reasons" className="pl-4 text-sm text-dim">
              {decision.reasons.map((reason) => (
                <li key={reason.code + reason.sentence} className="list-disc">
                  {reason.sentence}
                </li>
              ))}
            </ul>
          ) : null}
          {decision.signOffs.map((signOff) => (
            <SealLine
              key={signOff.id}
              signOff={signOff}
              statementSha256={decision.statementSha256}
            />
          ))}
          <SecondReview decision={decision} person={person} />
          <Responses
            decision={decision}
            mayRecord={mayRecord}
            onRecorded={onRecorded}
            takenBack={takenBack}
            onTakeBack={onTakeBack}
          />
        </li>
      ))}
    </ol>
  );
}

type LinksProps = { decision: DecisionView; mayRead: boolean };

function DecisionLinks({ decision, mayRead }: LinksProps) {
  return (
    <span className="ml-auto flex gap-3 text-xs text-accent">
      {mayRead ? (
        <Link
          href={`/incidents/${decision.incidentId}/decisions/${decision.id}/reasons`}
          className="hover:underline"
        >
          Reasons
        </Link>
      ) : null}
      <Link
        href={`/incidents/${decision.incidentId}/decisions/${decision.id}`}
        className="hover:underline"
      >
        Open statement
      </Link>
    </span>
  );
}
