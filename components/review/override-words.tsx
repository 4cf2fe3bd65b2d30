import { HostileText } from "#components/marks/hostile-text.tsx";
import { SentenceText } from "#components/marks/sentence-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelText, PersonText, RulesText } from "#components/marks/voices.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { OverrideView } from "#lib/contracts/override-views.ts";
import { contentWords } from "#lib/domain/decision/words.ts";
import { isOfRules } from "#lib/domain/review/override.ts";
import { wordDiff } from "#lib/domain/summary/word-diff.ts";

/** What was said first, and what a person or the gate set against it; where both are wordings, with what differs marked. */
export function OverrideWords({ override }: { override: OverrideView }) {
  const { claim, decision } = override;
  if (claim) return <OfClaim override={override} claim={claim} />;
  return decision ? <OfDecision override={override} decision={decision} /> : null;
}

type ClaimProps = { override: OverrideView; claim: NonNullable<OverrideView["claim"]> };

function OfClaim({ override, claim }: ClaimProps) {
  const { replacement, reason, model } = override;
  const differs =
    replacement === null ? { left: [], right: [] } : wordDiff(claim.text, replacement);
  const words = (
    <>
      <p>
        <HostileText text={claim.text} marks={differs.left.map(asMark)} />
      </p>
      <StandingMark standing={claim.standing} className="mt-1 text-xs text-dim" />
    </>
  );
  return (
    <div className="grid gap-x-6 gap-y-2 md:grid-cols-2">
      {isOfRules(override) ? (
        <RulesText generator={model ?? undefined}>{words}</RulesText>
      ) : (
        <ModelText model={model ?? ""}>{words}</ModelText>
      )}
      <Person override={override} aside={override.kind}>
        {replacement === null ? null : (
          <p>
            <HostileText text={replacement} marks={differs.right.map(asMark)} lines />
          </p>
        )}
        {reason === null ? null : (
          <p className={replacement === null ? undefined : "text-xs text-dim"}>
            <HostileText text={reason} lines />
          </p>
        )}
      </Person>
    </div>
  );
}

type DecisionProps = { override: OverrideView; decision: NonNullable<OverrideView["decision"]> };

function OfDecision({ override, decision }: DecisionProps) {
  const { content, proposer, refusals } = decision;
  return (
    <div className="grid gap-x-6 gap-y-2 md:grid-cols-2">
      <PersonText name={proposer.name} role={proposer.role} aside="proposed">
        <p>
          <SentenceText sentence={contentWords(content)} />
        </p>
        <p className="text-xs text-dim">
          <HostileText text={content.reason} lines />
        </p>
      </PersonText>
      {override.kind === "refused" ? (
        <ul className="flex flex-col gap-0.5 border-l-2 border-line-strong pl-3">
          {refusals.map(({ code, sentence }) => (
            <li key={code}>
              <HostileText text={sentence} /> <span className="text-xs text-faint">{code}</span>
            </li>
          ))}
        </ul>
      ) : (
        <Person override={override} aside="rejected">
          {override.reason === null ? null : (
            <p>
              <HostileText text={override.reason} lines />
            </p>
          )}
        </Person>
      )}
    </div>
  );
}

type PersonProps = { override: OverrideView; aside: string; children: React.ReactNode };

function Person({ override, aside, children }: PersonProps) {
  const { person, at } = override;
  return (
    <PersonText
      name={person.name}
      role={person.role}
      when={<RelativeTime at={at} className="text-faint" />}
      aside={aside}
    >
      {children}
    </PersonText>
  );
}

const asMark = ([start, end]: [number, number]) => ({
  ...{ start, end },
  tone: "differs" as const,
  title: "Only on this side",
});
