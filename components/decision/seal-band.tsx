import { EntrySeal } from "#components/layout/entry-seal.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import type { DecisionView } from "#lib/contracts/views.ts";
import { DECISION_STATE_WORDS, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { neededWords } from "./needed-words.ts";

/** What became of the decision, with its seal: when, over which exact text, and where the trail keeps it. */
export function SealBand({ decision }: { decision: DecisionView }) {
  const last = decision.signOffs.at(-1);
  const at = decision.settledAt ?? last?.at ?? null;
  const good = decision.state === "in_effect" || decision.state === "proposed";
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2" role="status">
      <SealGlyph className={cx("size-8", good ? "text-accent" : "text-faint")} />
      <div className="min-w-0 flex-1">
        <p className="text-lg font-semibold">
          {decision.state === "proposed"
            ? `Signed by you. ${neededWords(decision)}.`
            : `${DECISION_WORDS[decision.kind]}: ${DECISION_STATE_WORDS[decision.state].toLowerCase()}`}
        </p>
        <p className="flex flex-wrap items-center gap-x-3 text-xs text-dim">
          {at ? <ExactTime at={at} /> : null}
          <span className="inline-flex items-center gap-1">
            Statement <span className="record">{decision.statementSha256.slice(0, 16)}…</span>
            <CopyButton value={decision.statementSha256} what="statement SHA-256" />
          </span>
          {decision.entry ? <EntrySeal {...decision.entry} /> : null}
        </p>
        {decision.reasons.length > 0 ? (
          <ul className="mt-1 pl-4 text-sm">
            {decision.reasons.map((reason) => (
              <li key={reason.code + reason.sentence} className="list-disc">
                {reason.sentence}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      <ButtonLink tone="quiet" href={`/trail?incident=${decision.incidentNumber}`}>
        See it on the trail
      </ButtonLink>
      <ButtonLink href={`/incidents/${decision.incidentId}?pane=decisions`}>
        Back to the incident
      </ButtonLink>
    </div>
  );
}
