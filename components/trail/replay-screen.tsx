import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { StatusMark } from "#components/marks/status-mark.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { ReplayView } from "#lib/contracts/replay-views.ts";
import { ReplayControls } from "./replay-controls.tsx";
import { ReplayDecisions } from "./replay-decisions.tsx";
import { ReplayEvidence } from "./replay-evidence.tsx";
import { ReplaySummaries } from "./replay-summaries.tsx";

/** An incident as it was after one of its entries; what was not known then is not here. */
export function ReplayScreen({ view }: { view: ReplayView }) {
  const { incident, at } = view;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-col gap-2 border-b px-4 py-2.5">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h1 className="text-lg font-semibold">Replay of {incident.number}</h1>
          {view.openedAs ? (
            <p className="min-w-0 text-dim">
              opened as <HostileText text={view.openedAs} />
            </p>
          ) : null}
          <span className="ml-auto flex gap-2">
            <ButtonLink size="sm" tone="quiet" href={`/trail?incident=${incident.number}`}>
              Its trail
            </ButtonLink>
            <ButtonLink size="sm" tone="quiet" href={`/exports?ask=1&incident=${incident.number}`}>
              Export
            </ButtonLink>
            <ButtonLink size="sm" href={`/incidents/${incident.number}`}>
              As it is now
            </ButtonLink>
          </span>
        </div>
        <ReplayControls at={at} />
        <Moment view={view} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">
        {view.cut ? (
          <Notice tone="warn" className="mb-4">
            This incident has more entries than are read for one moment. What only the oldest of
            them said is missing here; the trail holds them all.
          </Notice>
        ) : null}
        {view.erased > 0 ? (
          <Notice tone="warn" className="mb-4">
            The payloads of {view.erased} {view.erased === 1 ? "entry" : "entries"} were erased
            {view.erasures.map(({ seq, at: erasedAt }, n) => (
              <span key={seq}>
                {n === 0 ? " on " : ", and on "}
                <ExactTime at={erasedAt} /> by{" "}
                <Link href={`/trail?seq=${seq}`} className="underline">
                  entry {seq}
                </Link>
              </span>
            ))}
            . What they said is missing here, and where that leaves something unknown it says so.
          </Notice>
        ) : null}
        <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-6">
            <ReplaySummaries view={view} />
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            <ReplayDecisions view={view} />
            <ReplayEvidence view={view} />
          </div>
        </div>
        <Sources />
      </div>
    </div>
  );
}

/** Instead of a value that the payload of an entry told. */
const ERASED = "not readable: erased";

/** What happened at this moment, and what the incident was right after it. */
function Moment({ view }: { view: ReplayView }) {
  const { at } = view;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <p className="min-w-0 flex-1 basis-80">
        <ExactTime at={at.at} className="text-xs text-dim" />{" "}
        <Link
          href={`/trail?seq=${at.seq}`}
          className="text-xs text-accent tabular-nums hover:underline"
        >
          entry {at.seq}
        </Link>{" "}
        <span className="font-medium">
          <HostileText text={at.actorName} />
        </span>{" "}
        <HostileText text={at.sentence} />
      </p>
      <dl className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        <State name="Status">{view.status ? <StatusMark status={view.status} /> : ERASED}</State>
        <State name="Severity">
          {view.severity ? (
            <SeverityMark severity={view.severity} />
          ) : view.unreadable.includes("evidence") ? (
            ERASED
          ) : (
            "no alert yet"
          )}
        </State>
        <State name="Verdict">
          {view.unreadable.includes("verdict")
            ? ERASED
            : (view.verdict?.replaceAll("_", " ") ?? "none yet")}
        </State>
        <State name="Assignee">
          {view.unreadable.includes("assignee") ? ERASED : (view.assignee?.name ?? "nobody")}
        </State>
        {view.escalated ? <Badge tone="accent">Escalated</Badge> : null}
      </dl>
    </div>
  );
}

function State({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex items-center gap-1.5">
      <dt className="text-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Sources() {
  return (
    <section
      aria-label="What this is put together from"
      className="mt-8 max-w-[72ch] text-xs text-dim"
    >
      <h2 className="mb-1 font-medium text-text">What this is put together from</h2>
      <p>
        From the incident&apos;s entries up to this one: status, verdict, assignee, notes, reviews,
        who opened what, decisions with their signatures, which summary was current, and how many
        records there were. From rows that never change: the records by their position, and the
        claims of the summary with the standing that their verifier had given by then. A closure of
        several incidents at once appears here with its effect, since its proposal stands on the
        trail of the first of them. The words of records and claims are as they were written.
      </p>
    </section>
  );
}
