import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { Count } from "#components/ui/badge.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { ReplayView } from "#lib/contracts/replay-views.ts";

const ERASED = "Not readable: what told it was erased.";

/** The records that were known, the newest first, and who had opened which. */
export function ReplayEvidence({ view }: { view: ReplayView }) {
  const { records, evidenceCount, alertCount, opened, incident, unreadable } = view;
  return (
    <>
      <section aria-label="Opened evidence">
        <h2 className="mb-1.5 font-medium">
          Who had opened what {opened.length > 0 ? <Count value={opened.length} /> : null}
        </h2>
        {opened.length === 0 ? (
          <p className="text-sm text-dim">
            {unreadable.includes("opened") ? ERASED : "Nobody had opened a record yet."}
          </p>
        ) : (
          <ul className="flex flex-col text-xs">
            {opened.map((one) => (
              <li key={`${one.actor} ${one.evidenceId}`} className="flex gap-2 py-0.5">
                <span className="font-medium">{one.who}</span>
                <RecordLink incident={incident.number} id={one.evidenceId} label={one.label} />
                <ExactTime at={one.at} className="text-dim" />
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-label="Evidence">
        <h2 className="mb-1.5 flex items-baseline gap-2 font-medium">
          Evidence known
          <span className="text-xs font-normal text-dim tabular-nums">
            {evidenceCount.toLocaleString("en")} {evidenceCount === 1 ? "record" : "records"},{" "}
            {alertCount} {alertCount === 1 ? "alert" : "alerts"}
            {records.length > 0 && records.length < evidenceCount
              ? `; the newest ${records.length}`
              : ""}
          </span>
        </h2>
        {evidenceCount === 0 ? (
          <p className="text-sm text-dim">
            {unreadable.includes("evidence") ? ERASED : "No record had come yet."}
          </p>
        ) : records.length === 0 ? (
          <p className="text-sm text-dim">
            They stand in the incident that this one was merged into.
          </p>
        ) : (
          <ol className="flex flex-col">
            {records.map((record) => (
              <li
                key={record.id}
                className="flex min-h-7 items-center gap-2 border-b border-line/60 py-0.5 text-xs last:border-b-0"
              >
                <RecordLink incident={incident.number} id={record.id} label={record.label} />
                {record.severity ? <SeverityMark severity={record.severity} word={false} /> : null}
                <span className="min-w-0 flex-1 truncate">
                  <HostileText text={record.title} />
                </span>
                <span className="hidden text-faint sm:block">
                  <HostileText text={record.source} />
                </span>
                {record.time ? <ExactTime at={record.time} className="text-dim" /> : null}
              </li>
            ))}
          </ol>
        )}
      </section>
    </>
  );
}

/** The record on the incident's page, where opening its raw bytes is an entry on the trail. */
function RecordLink({ incident, id, label }: { incident: string; id: string; label: string }) {
  return (
    <Link
      href={`/incidents/${incident}?record=${id}`}
      className="record w-10 shrink-0 text-accent hover:underline"
    >
      {label}
    </Link>
  );
}
