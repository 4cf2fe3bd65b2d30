import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { DecisionChangesView } from "#lib/contracts/review-views.ts";
import type { IncidentHead } from "#lib/contracts/views.ts";
import type { ReviewClaim } from "./decision-review.tsx";

type Props = {
  head: Pick<IncidentHead, "id" | "number">;
  /** What differs from the statement, in sentences. */
  sentences: readonly string[];
  changes: DecisionChangesView;
  claims: readonly ReviewClaim[];
};

/** What happened to the incident since its facts were frozen: each change with the way to it. */
export function ReviewChanges({ head, sentences, changes, claims }: Props) {
  const more = changes.recordCount - changes.records.length;
  return (
    <Notice tone="warn">
      <section aria-label="Changed since it was proposed" className="flex flex-col gap-2">
        <h2 className="font-medium">Changed since this was proposed: it can no longer be signed</h2>
        <p>{sentences.join(" ")}</p>
        {changes.records.length > 0 ? (
          <ul className="flex flex-col gap-0.5">
            {changes.records.map(({ evidenceId, label, title }) => (
              <li key={evidenceId} className="truncate">
                <Link
                  href={`/incidents/${head.id}?record=${evidenceId}`}
                  className="text-accent hover:underline"
                >
                  <span className="record">{label}</span> <HostileText text={title} />
                </Link>
              </li>
            ))}
            {more > 0 ? (
              <li className="text-dim">
                and {more.toLocaleString("en")} more {more === 1 ? "record" : "records"}
              </li>
            ) : null}
          </ul>
        ) : null}
        {changes.entries.length > 0 ? (
          <ol className="flex flex-col gap-1">
            {changes.entries.map((entry) => (
              <Entry key={entry.seq} entry={entry} claims={claims} />
            ))}
          </ol>
        ) : null}
        <p>
          <Link href={`/trail?incident=${head.number}`} className="text-accent hover:underline">
            All of it on the trail
          </Link>
        </p>
      </section>
    </Notice>
  );
}

type EntryProps = {
  entry: DecisionChangesView["entries"][number];
  claims: readonly ReviewClaim[];
};

function Entry({ entry, claims }: EntryProps) {
  return (
    <li>
      <ExactTime at={entry.at} className="text-faint" />{" "}
      <span className="font-medium">
        <HostileText text={entry.who} />
      </span>{" "}
      <HostileText text={entry.sentence} />
      {entry.claims.map(({ id, from, to }) => (
        <span key={id} className="flex flex-wrap items-center gap-x-2 pl-4 text-xs">
          <a href={`#claim-${id}`} className="text-accent hover:underline">
            <HostileText text={claims.find((claim) => claim.id === id)?.text ?? "an older claim"} />
          </a>
          {from && to ? (
            <>
              <StandingMark standing={from} /> now <StandingMark standing={to} />
            </>
          ) : null}
        </span>
      ))}
    </li>
  );
}
