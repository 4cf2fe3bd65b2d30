import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelText, PersonText, RulesText } from "#components/marks/voices.tsx";
import { Badge, Count } from "#components/ui/badge.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { ReplayClaim, ReplaySummaryView, ReplayView } from "#lib/contracts/replay-views.ts";

/** The summaries that were current, with the standings and reviews of their claims by then. */
export function ReplaySummaries({ view }: { view: ReplayView }) {
  return (
    <>
      {view.summaries.length === 0 ? (
        <section aria-label="Summary">
          <h2 className="mb-1.5 font-medium">Summary</h2>
          <p className="text-sm text-dim">
            {view.unreadable.includes("summaries")
              ? "Not readable: what told it was erased."
              : "None had been issued yet."}
          </p>
        </section>
      ) : null}
      {view.summaries.map((summary) => (
        <Summary key={summary.id} summary={summary} />
      ))}
      {view.notes.length > 0 ? (
        <section aria-label="Notes">
          <h2 className="mb-1.5 font-medium">
            Notes <Count value={view.notes.length} />
          </h2>
          <ul className="flex flex-col gap-2">
            {view.notes.map((note) => (
              <li key={`${note.at} ${note.who}`}>
                <PersonText name={note.who} when={<ExactTime at={note.at} />}>
                  <HostileText text={note.text} lines />
                </PersonText>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

function Summary({ summary }: { summary: ReplaySummaryView }) {
  const { origin, version, claims, claimCount } = summary;
  const name = origin === "model" ? "Summary by the model" : "Summary by the rules";
  const front = claims.filter((claim) => claim.front);
  const rest = claims.filter((claim) => !claim.front);
  const body = (
    <>
      <Claims claims={front} />
      {rest.length > 0 ? (
        <details className="mt-1.5">
          <summary className="cursor-pointer text-xs text-dim">
            {claimCount - front.length} more facts
            {claims.length < claimCount ? `, the first ${rest.length} of them shown` : ""}
          </summary>
          <Claims claims={rest} />
        </details>
      ) : null}
    </>
  );
  return (
    <section aria-label={name}>
      <h2 className="mb-1.5 flex flex-wrap items-baseline gap-2 font-medium">
        {name}
        <span className="text-xs font-normal text-dim">
          version {version}, issued <ExactTime at={summary.issuedAt} />
        </span>
        {summary.stale ? <Badge tone="warn">Stale then</Badge> : null}
      </h2>
      {origin === "model" ? (
        <ModelText model={summary.generator}>{body}</ModelText>
      ) : (
        <RulesText generator={summary.generator}>{body}</RulesText>
      )}
    </section>
  );
}

function Claims({ claims }: { claims: ReplayClaim[] }) {
  return (
    <ol className="flex flex-col">
      {claims.map((claim) => (
        <li key={claim.id} className="border-b border-line/60 py-1.5 text-sm last:border-b-0">
          <p className="wrap-anywhere">
            <HostileText text={claim.text} />{" "}
            <span className="record text-2xs text-faint">{claim.labels.slice(0, 8).join(" ")}</span>
          </p>
          <StandingMark standing={claim.standing} className="text-xs" />
          {claim.reviews.map((review) => (
            <PersonText
              key={review.at}
              name={review.who}
              when={<ExactTime at={review.at} />}
              className="mt-1 text-xs"
            >
              {review.outcome}
              {review.reason ? (
                <>
                  : <HostileText text={review.reason} />
                </>
              ) : null}
              {review.replacement ? (
                <>
                  {" "}
                  Instead: <HostileText text={review.replacement} />
                </>
              ) : null}
            </PersonText>
          ))}
        </li>
      ))}
    </ol>
  );
}
