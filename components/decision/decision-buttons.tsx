"use client";

import { Button } from "#components/ui/button.tsx";
import { Popover } from "#components/ui/popover.tsx";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import { DECISION_VERBS, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { ReasonList } from "./reasons.tsx";
import type { Reason } from "./reasons.tsx";

const KEYS: Partial<Record<DecisionKind, string>> = {
  escalation: "e",
  containment: "t",
  closure: "c",
};

type Props = {
  kinds: readonly DecisionKind[];
  /** Why the gate would refuse each kind now; unsettled claims aside, since they can be waived. */
  reasonsFor: (kind: DecisionKind) => Reason[];
  onPropose: (kind: DecisionKind) => void;
  /** The kind whose reasons are shown. */
  refused: DecisionKind | null;
  onRefused: (kind: DecisionKind | null) => void;
};

/** Escalate, contain, close: each opens its proposal, or says every reason why it cannot be proposed. */
export function DecisionButtons({ kinds, reasonsFor, onPropose, refused, onRefused }: Props) {
  return (
    <div role="group" aria-label="Decisions" className="flex items-center gap-1.5">
      {kinds.map((kind) => {
        const reasons = reasonsFor(kind);
        const press = KEYS[kind];
        const verb = DECISION_VERBS[kind];
        if (reasons.length === 0) {
          return (
            <Button
              key={kind}
              keys={press}
              aria-keyshortcuts={press}
              onClick={() => onPropose(kind)}
            >
              {verb}
            </Button>
          );
        }
        return (
          <Popover
            key={kind}
            title={`${DECISION_WORDS[kind]} cannot be proposed now`}
            align="end"
            open={refused === kind}
            onOpenChange={(open) => onRefused(open ? kind : null)}
            trigger={
              <Button keys={press} aria-keyshortcuts={press} className="opacity-60">
                {verb}
              </Button>
            }
          >
            <ReasonList reasons={reasons} className="max-w-96 gap-1 pl-4" />
          </Popover>
        );
      })}
    </div>
  );
}
