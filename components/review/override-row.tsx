import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonText } from "#components/marks/voices.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { OverrideView, VerdictView } from "#lib/contracts/override-views.ts";
import {
  isOfRules,
  OVERRIDE_KIND_WORDS,
  OVERRIDE_OUTCOMES,
  OVERRIDE_OUTCOME_WORDS,
} from "#lib/domain/review/override.ts";
import type { OverrideOutcome } from "#lib/domain/review/override.ts";
import { OverrideWords } from "./override-words.tsx";

type Props = {
  override: OverrideView;
  mayJudge: boolean;
  /** The reader is a lead, and it is their own. */
  isOwn: boolean;
  onJudge: (outcome: OverrideOutcome) => void;
};

export function OverrideRow({ override, mayJudge, isOwn, onJudge }: Props) {
  const { incident, verdict, decision } = override;
  return (
    <li
      tabIndex={-1}
      data-override={override.id}
      className="flex scroll-my-4 flex-col gap-2.5 border-b px-2 py-3 outline-offset-[-2px]"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-medium">{OVERRIDE_KIND_WORDS[override.kind]}</h2>
        <RelativeTime at={override.at} className="text-xs text-dim" />
        <span className="min-w-0 text-xs text-dim">
          <IncidentNumber number={incident.number} /> <HostileText text={incident.title} />
        </span>
        <span className="ml-auto flex items-center gap-1.5">
          {mayJudge
            ? OVERRIDE_OUTCOMES.map((outcome, n) => (
                <Button
                  key={outcome}
                  size="sm"
                  tone="quiet"
                  keys={String(n + 1)}
                  onClick={() => onJudge(outcome)}
                >
                  {OVERRIDE_OUTCOME_WORDS[outcome]}
                </Button>
              ))
            : null}
          {isOwn ? <span className="text-xs text-faint">Another lead judges this</span> : null}
        </span>
      </div>
      <OverrideWords override={override} />
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-dim">
        <Origin override={override} />
        <Link
          className={LINK}
          href={
            decision
              ? `/incidents/${incident.id}/decisions/${decision.id}`
              : `/incidents/${incident.number}?claim=${override.claim?.id ?? ""}`
          }
        >
          {decision ? "Open statement" : "Open claim"}
        </Link>
        <Link className={LINK} href={`/review?override=${override.id}`}>
          Link to this
        </Link>
      </p>
      {verdict ? <Verdict verdict={verdict} more={override.verdicts - 1} /> : null}
    </li>
  );
}

/** Which model and prompt, or which rules. */
function Origin({ override }: Pick<Props, "override">) {
  const { decision, model, prompt } = override;
  if (decision) return <span>Policy version {decision.policyVersion}</span>;
  return (
    <span>
      {isOfRules(override) ? "Rules " : "Model "}
      <HostileText text={model ?? ""} />
      {prompt ? ` · prompt ${prompt.name}/${prompt.version}` : ""}
    </span>
  );
}

const TONES = { agree: "ok", partly: "warn", disagree: "danger" } as const;

function Verdict({ verdict, more }: { verdict: VerdictView; more: number }) {
  const { person, outcome, note, at } = verdict;
  return (
    <div className="rounded-control bg-sunken px-3 py-2">
      <PersonText
        name={person.name}
        role={person.role}
        when={<RelativeTime at={at} className="text-faint" />}
        aside={<Badge tone={TONES[outcome]}>{OVERRIDE_OUTCOME_WORDS[outcome]}</Badge>}
      >
        {note === "" ? null : (
          <p>
            <HostileText text={note} lines />
          </p>
        )}
        {more > 0 ? (
          <p className="text-xs text-dim">
            {more === 1 ? "One earlier verdict" : `${more} earlier verdicts`} on the trail.
          </p>
        ) : null}
      </PersonText>
    </div>
  );
}

const LINK = "underline underline-offset-2 hover:text-accent";
