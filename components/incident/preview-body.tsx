import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelText, PersonText, RulesText } from "#components/marks/voices.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type {
  IncidentPreview,
  PreviewClaim,
  PreviewDecision,
  PreviewSummary,
} from "#lib/contracts/preview-views.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { progressWords } from "#lib/domain/incident/task.ts";
import type { ReviewOutcome } from "#lib/domain/summary/claim.ts";

/** What is claimed, who is in it, what was decided or said: each part as far as the pane has room. */
export function PreviewBody({ preview }: { preview: IncidentPreview }) {
  const { decisions, summary, entities, note } = preview;
  return (
    <>
      {decisions.map((decision) => (
        <WaitingDecision key={decision.id} decision={decision} />
      ))}
      {preview.progress.count > 0 ? (
        <Part title="Tasks">
          <p className="text-sm">{progressWords(preview.progress)}</p>
        </Part>
      ) : null}
      <More count={preview.decisionCount - decisions.length} what="waiting in the incident" />
      {summary ? <Claims summary={summary} /> : <NoSummary />}
      {entities.length > 0 ? (
        <Part title="Entities">
          <ul className="flex flex-wrap gap-1.5">
            {entities.map(({ type, value, count }) => (
              <li
                key={`${type}:${value}`}
                title={`${type}, in ${count.toLocaleString("en")} records`}
                className="record max-w-full truncate rounded-control bg-sunken px-1.5 py-0.5 text-xs"
              >
                <span className="sr-only">{type} </span>
                <HostileText text={value} />
              </li>
            ))}
          </ul>
          <More count={preview.entityCount - entities.length} what="in the incident" />
        </Part>
      ) : null}
      <Techniques preview={preview} />
      {note ? (
        <Part title="Last note">
          <PersonText
            name={note.person.name}
            role={note.person.role}
            when={<RelativeTime at={note.at} />}
            className="text-sm"
          >
            <Excerpt text={note.text} cut={note.cut} />
          </PersonText>
        </Part>
      ) : null}
    </>
  );
}

function Techniques({ preview }: { preview: IncidentPreview }) {
  const { techniques, head, alertsReadMax } = preview;
  // where none is named, those that were not read could still name one
  if (techniques.length === 0 && head.alertCount <= alertsReadMax) return null;
  return (
    <Part title="Techniques that its alerts name">
      <ul className="flex flex-col gap-0.5 text-xs">
        {techniques.map(({ id, name }) => (
          <li key={id} className="flex items-baseline gap-2">
            <span className="record shrink-0 text-xs text-dim">
              <HostileText text={id} />
            </span>
            <span className="truncate">{name || "not in ATT&CK"}</span>
          </li>
        ))}
      </ul>
      <More count={preview.techniqueCount - techniques.length} what="named by them" />
      {head.alertCount > alertsReadMax ? (
        <p className="text-2xs text-dim">
          Read off the newest {alertsReadMax} of {head.alertCount.toLocaleString("en")} alerts.
        </p>
      ) : null}
    </Part>
  );
}

/** What a person wrote as far as there is room; the mark that it goes on is ours, and outside their words. */
function Excerpt({ text, cut }: { text: string; cut: boolean }) {
  return (
    <>
      <HostileText text={text} lines />
      {cut ? <span className="text-2xs text-dim"> … more in the incident</span> : null}
    </>
  );
}

function More({ count, what }: { count: number; what: string }) {
  if (count <= 0) return null;
  return (
    <p className="text-2xs text-dim">
      and {count.toLocaleString("en")} more {what}
    </p>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <h3 className="text-2xs font-medium text-faint">{title}</h3>
      {children}
    </div>
  );
}

function WaitingDecision({ decision }: { decision: PreviewDecision }) {
  const { kind, proposer, reason, cut, expiresAt } = decision;
  return (
    <PersonText
      name={proposer.name}
      role={proposer.role}
      aside={<Badge tone="accent">{DECISION_WORDS[kind]} waiting</Badge>}
      className="text-sm"
    >
      <Excerpt text={reason} cut={cut} />
      <p className="mt-0.5 text-2xs text-dim">
        Not in effect: it waits for a signature and ends <RelativeTime at={expiresAt} />.
      </p>
    </PersonText>
  );
}

function Claims({ summary }: { summary: PreviewSummary }) {
  const { origin, generator, promptVersion, issuedAt, claims, claimCount, stale } = summary;
  const more = claimCount - claims.length;
  const list = (
    <>
      <ol className="flex flex-col gap-2 text-sm">
        {claims.map((claim) => (
          <li key={claim.id}>
            <Claim claim={claim} />
          </li>
        ))}
      </ol>
      <p className="mt-2 text-2xs text-dim">
        {claimCount === 0 ? "It claims nothing. " : ""}
        {more > 0 ? `${more} more in the incident. ` : ""}
        {stale ? "Evidence came since this was written." : ""}
      </p>
    </>
  );
  return origin === "model" ? (
    <ModelText model={generator} promptVersion={promptVersion} at={issuedAt}>
      {list}
    </ModelText>
  ) : (
    <RulesText generator={generator}>{list}</RulesText>
  );
}

const REVIEW_WORDS: Record<ReviewOutcome, string> = {
  accepted: "accepted by a person",
  disputed: "disputed by a person",
  corrected: "corrected by a person",
};

function Claim({ claim }: { claim: PreviewClaim }) {
  return (
    <>
      <HostileText
        text={claim.text}
        marks={claim.uncovered.map(([start, end]) => ({
          start,
          end,
          tone: "uncovered" as const,
          title: "No check covers these words",
        }))}
      />
      <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-2xs text-dim">
        <StandingMark standing={claim.standing} />
        {claim.review ? <span className="text-accent">{REVIEW_WORDS[claim.review]}</span> : null}
      </p>
    </>
  );
}

function NoSummary() {
  return (
    <p className="text-sm text-dim">
      No summary yet. The rules write one shortly after the first evidence.
    </p>
  );
}
