import { HostileText } from "#components/marks/hostile-text.tsx";
import { RESPONSE_ACTIONS } from "#lib/domain/decision/decision.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { responseWords, undoWords } from "#lib/domain/decision/words.ts";

/** What a containment touches and how each of it is taken back. */
export function ReviewTargets({ content }: { content: DecisionContent }) {
  if (content.kind !== "containment") return null;
  return (
    <section aria-label="Targets" className="flex flex-col gap-2 border-t pt-4">
      <h2 className="text-xs font-medium text-dim">Targets and how to undo</h2>
      <ul className="flex flex-col divide-y rounded-control border">
        {content.actions.map((action) => (
          <li key={`${action.action}:${action.target}`} className="flex flex-col gap-0.5 px-3 py-2">
            <p className="flex flex-wrap items-baseline gap-2">
              <span className="font-medium">{responseWords(action)}</span>
              <span className="record break-all">
                <HostileText text={action.target} />
              </span>
              <span className="ml-auto text-2xs text-faint">
                D3FEND {RESPONSE_ACTIONS[action.action]}
              </span>
            </p>
            <p className="text-xs text-dim">{undoWords(action)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
