import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonText, SealGlyph } from "#components/marks/voices.tsx";
import { DecisionBadge } from "#components/marks/status-mark.tsx";
import { Count } from "#components/ui/badge.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { ReplayView } from "#lib/contracts/replay-views.ts";
import type { ReplayDecision } from "#lib/domain/trail/replay.ts";

/** Who had proposed and signed what. */
export function ReplayDecisions({ view }: { view: ReplayView }) {
  const { decisions, incident } = view;
  return (
    <section aria-label="Decisions">
      <h2 className="mb-1.5 font-medium">
        Decisions {decisions.length > 0 ? <Count value={decisions.length} /> : null}
      </h2>
      {decisions.length === 0 ? (
        <p className="text-sm text-dim">
          {view.unreadable.includes("decisions")
            ? "Not readable: what told it was erased."
            : "Nothing had been proposed yet."}
        </p>
      ) : (
        <ul className="flex flex-col gap-3">
          {decisions.map((decision) => (
            <Decision key={decision.id} decision={decision} incident={incident.number} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Decision({ decision, incident }: { decision: ReplayDecision; incident: string }) {
  const { id, kind, state, proposer, proposedAt, reason, content, signOffs, responses } = decision;
  return (
    <li className="text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <DecisionBadge kind={kind} state={state} />
        <Link
          href={`/incidents/${incident}/decisions/${id}`}
          className="text-xs text-accent hover:underline"
        >
          Open the decision
        </Link>
        <Link
          href={`/incidents/${incident}/decisions/${id}/reasons`}
          className="text-xs text-accent hover:underline"
        >
          Its reasons
        </Link>
      </p>
      <PersonText name={proposer} when={<ExactTime at={proposedAt} />} className="mt-1">
        {reason ? <HostileText text={reason} /> : "proposed it"}
        {content?.kind === "containment" ? (
          <ul className="mt-0.5 text-xs text-dim">
            {content.actions.map(({ action, target }) => (
              <li key={`${action} ${target}`}>
                {action.replaceAll("_", " ")} on <HostileText text={target} />
                {outcomeOf(responses, action, target)}
              </li>
            ))}
          </ul>
        ) : null}
      </PersonText>
      <ul className="mt-1 flex flex-col gap-0.5 text-xs">
        {signOffs.map((signOff) => (
          <li key={signOff.id} className="flex items-center gap-1.5">
            <SealGlyph className="text-accent" />
            <span className="font-medium">{signOff.who}</span>
            <span className="text-dim">
              {signOff.outcome === "approved" ? "signed" : "rejected it"} as {signOff.role} by{" "}
              {signOff.assurance}, <ExactTime at={signOff.at} />
            </span>
          </li>
        ))}
        {decision.secondReview ? (
          <li className="text-dim">
            Second review: {decision.secondReview.outcome} by {decision.secondReview.who}
          </li>
        ) : null}
      </ul>
    </li>
  );
}

function outcomeOf(responses: ReplayDecision["responses"], action: string, target: string): string {
  const response = responses.find((one) => one.action === action && one.target === target);
  return response ? `: ${response.outcome}` : "";
}
