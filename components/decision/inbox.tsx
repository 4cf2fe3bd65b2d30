"use client";

import { Stamp } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SentenceText } from "#components/marks/sentence-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { DecisionBadge } from "#components/marks/status-mark.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import { countdownWords } from "#components/ui/time-words.ts";
import { useKeys } from "#components/ui/use-keys.ts";
import type { InboxPage, InboxRow } from "#lib/contracts/inbox.ts";
import { contentWords } from "#lib/domain/decision/words.ts";
import { TakenBy } from "./taken-by.tsx";
import { useTaking } from "./use-taking.ts";

type Props = InboxPage & { personId: string; isFirst: boolean };

/** What waits for the reader's signature, what expires first at the top, and who is looking at it. */
export function Inbox({ decisions, nextCursor, personId, isFirst }: Props) {
  const taking = useTaking();
  useKeys([
    { key: "t", what: "Take the next one", run: () => taking.takeNext() },
    { key: "r", what: "Refresh the list", run: () => taking.refresh() },
  ]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[960px] flex-col px-6 py-6">
        <PageHead
          title="To sign"
          action={
            <div className="flex gap-2">
              <Button keys="r" onClick={taking.refresh}>
                Refresh
              </Button>
              <Button
                tone="primary"
                keys="t"
                pending={taking.pending === "next"}
                onClick={taking.takeNext}
              >
                Take next
              </Button>
            </div>
          }
        >
          What waits for your signature, what expires first at the top. Taking one tells the others
          that you are looking at it, for ten minutes; it keeps nobody from signing.
        </PageHead>
        {taking.refusal ? (
          <div role="alert" className="pb-3">
            <Notice tone="warn">{taking.refusal}</Notice>
          </div>
        ) : null}
        {decisions.length === 0 ? (
          <EmptyState
            flush
            icon={<Stamp strokeWidth={1.5} aria-hidden />}
            title={isFirst ? "Nothing waits for your signature" : "Nothing more waits"}
            action={
              <ButtonLink href="/incidents?view=all&q=is:waiting">
                See all open decisions
              </ButtonLink>
            }
          >
            A decision comes here when it is proposed and the policy lets you sign it.
          </EmptyState>
        ) : (
          <ol aria-label="Decisions to sign" className="flex flex-col border-t">
            {decisions.map((decision) => (
              <Waiting key={decision.id} decision={decision} personId={personId} taking={taking} />
            ))}
          </ol>
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href="/inbox">From the start</ButtonLink>}
          {nextCursor ? (
            <ButtonLink href={`/inbox?cursor=${encodeURIComponent(nextCursor)}`}>
              Expiring later
            </ButtonLink>
          ) : null}
        </nav>
      </div>
    </div>
  );
}

type WaitingProps = { decision: InboxRow; personId: string; taking: ReturnType<typeof useTaking> };

function Waiting({ decision, personId, taking }: WaitingProps) {
  const { id, incident, signOffs, take } = decision;
  const left = Date.parse(decision.expiresAt) - useNow();
  const isMine = take?.person.id === personId;
  const review = `/incidents/${incident.id}/decisions/${id}`;
  return (
    <li className="flex flex-col gap-1.5 border-b py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <DecisionBadge kind={decision.kind} state="proposed" />
        <Link href={`/incidents/${incident.number}`} className="text-xs hover:underline">
          <IncidentNumber number={incident.number} />
        </Link>
        <SeverityMark severity={incident.severity} className="text-xs" />
        <span className="min-w-0 flex-1 truncate text-dim">
          <HostileText text={incident.title} />
        </span>
        <span
          className={`text-xs tabular-nums ${left <= 0 ? "text-faint" : left < 600_000 ? "text-warn" : "text-dim"}`}
        >
          {left <= 0 ? "Expired" : `Expires in ${countdownWords(left)}`}
        </span>
      </div>
      <p className="font-medium">
        <SentenceText sentence={contentWords(decision.content)} />
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-dim">
        <span className="flex items-center gap-1.5">
          Proposed <RelativeTime at={decision.proposedAt} /> by{" "}
          <PersonChip name={decision.proposer.name} role={decision.proposer.role} />
        </span>
        <span>
          {signOffs.given} of {signOffs.needed} {signOffs.needed === 1 ? "signature" : "signatures"}
        </span>
        <TakenBy take={take} personId={personId} />
        <span className="ml-auto flex items-center gap-2">
          {isMine ? (
            <>
              <Button
                size="sm"
                tone="quiet"
                pending={taking.pending === id}
                onClick={() => taking.release(id)}
              >
                Give back
              </Button>
              <ButtonLink size="sm" tone="primary" href={review}>
                Review and sign
              </ButtonLink>
            </>
          ) : (
            <>
              <ButtonLink size="sm" tone="quiet" href={review}>
                Review
              </ButtonLink>
              {take ? null : (
                <Button size="sm" pending={taking.pending === id} onClick={() => taking.take(id)}>
                  Take
                </Button>
              )}
            </>
          )}
        </span>
      </div>
    </li>
  );
}
