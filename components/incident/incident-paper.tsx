import { HostileText } from "#components/marks/hostile-text.tsx";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type { CitedDigestView } from "#lib/contracts/paper-views.ts";
import type { IncidentHead, IncidentPageView, PersonView } from "#lib/contracts/views.ts";
import { runningClock } from "#lib/domain/incident/clock.ts";
import {
  CLOCK_WORDS,
  SEVERITY_WORDS,
  STATUS_WORDS,
  VERDICT_WORDS,
} from "#lib/domain/incident/words.ts";
import { PaperDecisions } from "./paper-decisions.tsx";
import { citedInOrder } from "./paper-numbers.ts";
import type { Cited } from "./paper-numbers.ts";
import { PaperSummary } from "./paper-summary.tsx";

type Props = {
  page: IncidentPageView;
  cited: readonly CitedDigestView[];
  person: PersonView;
  /** ISO 8601 */
  printedAt: string;
};

/** An incident as a document: where it stands, what is claimed and on what it rests, what was decided and by whom. */
export function IncidentPaper({ page, cited, person, printedAt }: Props) {
  const { head, summaries, decisions } = page;
  const numbered = citedInOrder(summaries);
  return (
    <article aria-label={`${head.number} on paper`} className="paper flex flex-col gap-5 text-sm">
      <header>
        <p className="text-xs text-dim">
          Countersign. Printed {utcWords(printedAt)} by {person.name},{" "}
          {ROLE_WORDS[person.role].toLowerCase()}.
        </p>
        <h1 className="text-xl font-semibold wrap-anywhere">
          {head.number} <HostileText text={head.title} />
        </h1>
        <Facts head={head} />
      </header>
      {summaries.length === 0 ? <p>There is no summary yet.</p> : null}
      {summaries.map((summary) => (
        <PaperSummary key={summary.id} summary={summary} numbered={numbered} />
      ))}
      <PaperDecisions decisions={decisions} />
      <Appendix numbered={numbered} cited={cited} />
    </article>
  );
}

function Facts({ head }: { head: IncidentHead }) {
  const clock = runningClock(head);
  const facts: [string, React.ReactNode][] = [
    ["Severity", SEVERITY_WORDS[head.severity]],
    ["Status", STATUS_WORDS[head.status]],
    ["Verdict", head.verdict ? VERDICT_WORDS[head.verdict] : "Not judged"],
    ["Owner", head.assignee?.name ?? "Nobody"],
    ["Opened", utcWords(head.openedAt)],
    ["Last activity", utcWords(head.lastActivityAt)],
    ...(clock
      ? ([[CLOCK_WORDS[clock.kind], `by ${utcWords(clock.dueAt)}`]] as [string, string][])
      : []),
    ["Evidence", `${head.alertCount} alerts, ${head.eventCount} events`],
    [
      "Sources",
      head.sources.map((name, at) => (
        <span key={name}>
          {at > 0 ? ", " : ""}
          <HostileText text={name} />
        </span>
      )),
    ],
    [
      "Evidence root",
      <span key="root" className="record break-all">
        {head.evidenceRoot}
      </span>,
    ],
  ];
  return (
    <dl className="mt-2 grid grid-cols-[110px_1fr] gap-x-3 gap-y-0.5">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-dim">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Appendix({
  numbered,
  cited,
}: {
  numbered: readonly Cited[];
  cited: readonly CitedDigestView[];
}) {
  if (numbered.length === 0) return null;
  const records = new Map(cited.map((record) => [record.evidenceId, record]));
  return (
    <section aria-label="Cited records">
      <h2 className="mb-1 text-lg font-semibold">Cited records</h2>
      <ol className="flex flex-col gap-2">
        {numbered.map(({ number, evidenceId, label, quotes }) => (
          <li key={evidenceId} className="grid grid-cols-[32px_1fr] gap-x-2">
            <span className="tabular-nums">[{number}]</span>
            <span className="min-w-0">
              <Record label={label} record={records.get(evidenceId)} />
              {quotes.map((quote) => (
                <q
                  key={quote}
                  className="record block border-l-2 pl-2 wrap-anywhere before:content-none after:content-none"
                >
                  <HostileText text={quote} lines />
                </q>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Record({ label, record }: { label: string; record: CitedDigestView | undefined }) {
  if (!record)
    return (
      <span className="block">
        {label}. Its digest was not there when this was printed; open the incident for it.
      </span>
    );
  return (
    <>
      <span className="block wrap-anywhere">
        {label}, {record.kind} of <HostileText text={record.source} />,{" "}
        {record.time
          ? utcWords(record.time)
          : `no time of its own, received ${utcWords(record.receivedAt)}`}
        : <HostileText text={record.title} />
      </span>
      <span className="record block text-xs break-all">SHA-256 {record.sha256}</span>
    </>
  );
}
