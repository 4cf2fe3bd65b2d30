"use client";

import { visibleText } from "#lib/domain/evidence/display.ts";
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { counted } from "#components/ui/amount.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import type { IncidentHead } from "#lib/contracts/views.ts";
import { Presence } from "./presence.tsx";
import { ServiceClock } from "./service-clock.tsx";

type Props = {
  head: IncidentHead;
  /** Whether this reader may see it as it was. */
  mayReplay: boolean;
  /** Asks which part goes to an incident of its own; null where this reader may not. */
  onSplit: (() => void) | null;
  /** How far the work is, and whether the reader watches. */
  work: ReactNode;
  status: ReactNode;
  verdict: ReactNode;
  assignee: ReactNode;
  decisions: ReactNode;
};

/** The incident in one line: how bad, what, where it stands, whose it is, and what can be decided. */
export function IncidentHeader(props: Props) {
  const { head, mayReplay, onSplit, work, status, verdict, assignee, decisions } = props;
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-1.5">
      <div className="flex min-w-72 flex-1 items-center gap-2.5">
        <SeverityMark severity={head.severity} word={false} />
        <div className="min-w-0">
          <h1 className="truncate text-lg leading-6 font-semibold" title={visibleText(head.title)}>
            <HostileText text={head.title} />
          </h1>
          <div className="flex flex-wrap items-center gap-x-2 text-xs text-dim">
            <span className="record text-xs">{head.number}</span>
            <CopyButton value={head.number} what="incident number" className="-my-1 -ml-1.5" />
            <SeverityMark severity={head.severity} className="[&>svg]:hidden" />
            <span aria-hidden>·</span>
            <span className="whitespace-nowrap tabular-nums">
              {counted(head.alertCount, "alert")}, {counted(head.eventCount, "event")}
            </span>
            {mayReplay ? (
              <Link
                href={`/incidents/${head.number}/replay`}
                className="text-accent hover:underline"
              >
                Replay
              </Link>
            ) : null}
            {work}
            {onSplit ? (
              <button type="button" onClick={onSplit} className="text-accent hover:underline">
                Split
              </button>
            ) : null}
            <button
              type="button"
              onClick={() => window.print()}
              className="text-accent hover:underline"
            >
              Print
            </button>
            {head.escalated ? <Badge tone="accent">Escalated</Badge> : null}
            {head.contained ? <Badge tone="ok">Contained</Badge> : null}
          </div>
        </div>
      </div>
      <div className="flex items-center gap-1">
        <Presence incidentId={head.id} />
        {status}
        {verdict}
        {assignee}
        <ServiceClock className="px-1.5 text-xs" row={head} />
      </div>
      {decisions}
    </header>
  );
}
