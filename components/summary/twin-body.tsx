"use client";

import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { ModelLabel } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import type { ClaimView, SummaryView } from "#lib/contracts/views.ts";
import { compareClaims } from "#lib/domain/summary/compare.ts";
import type { ClaimPair } from "#lib/domain/summary/compare.ts";
import { citationNumbers } from "./citation-numbers.ts";
import { ClaimItem } from "./claim-item.tsx";
import { Markers, SummaryEnd } from "./summary-body.tsx";

type Props = {
  model: SummaryView;
  rules: SummaryView;
  activeClaim: string | null;
  onActivate: (claimId: string) => void;
};

type Pair = ClaimPair<ClaimView>;

/**
 * The model's claims beside what the rules state of the same thing. What stands alone on the right the model left
 * out; what stands alone on the left no rule found.
 */
export function TwinBody({ model, rules, activeClaim, onActivate }: Props) {
  const [all, setAll] = useState(false);
  const pairs = useMemo(() => twinPairs(model.claims, rules.claims), [model.claims, rules.claims]);
  const modelNumbers = useMemo(() => citationNumbers(model.claims), [model.claims]);
  const rulesNumbers = useMemo(() => citationNumbers(rules.claims), [rules.claims]);
  const shown = pairs.filter(
    ({ left, right }) => all || left || right?.front || right?.id === activeClaim,
  );
  const item = (claim: ClaimView | null, numbers: ReadonlyMap<string, number>) =>
    claim ? (
      <ClaimItem
        claim={claim}
        numbers={numbers}
        active={claim.id === activeClaim}
        onActivate={() => onActivate(claim.id)}
      />
    ) : null;
  return (
    <article
      aria-label="Model summary beside rules summary"
      className="flex flex-col gap-3 px-3 py-3"
    >
      <Markers summary={model} />
      <div className="flex flex-col">
        <Heads model={model} rules={rules} />
        <ol aria-label="Claims side by side" className="flex flex-col divide-y divide-line/60">
          {shown.map(({ left, right }) => (
            <li
              key={`${left?.id}:${right?.id}`}
              className="grid grid-cols-1 gap-x-3 py-0.5 @min-[760px]/summary:grid-cols-2"
            >
              <Cell voice="model" empty="The model does not say this.">
                {item(left, modelNumbers)}
              </Cell>
              <Cell voice="rules" empty="No rule states this.">
                {item(right, rulesNumbers)}
              </Cell>
            </li>
          ))}
        </ol>
        {all || shown.length < pairs.length ? (
          <Button
            size="sm"
            tone="quiet"
            className="mt-1 self-start"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? "Front facts only" : `All facts (${pairs.length})`}
          </Button>
        ) : null}
      </div>
      <SummaryEnd summary={model} />
    </article>
  );
}

/** In the order of the model's claims; what only the rules state after what it follows there. */
function twinPairs(model: readonly ClaimView[], rules: readonly ClaimView[]): Pair[] {
  const comparable = (claim: ClaimView) => ({
    ...claim,
    labels: claim.citations.map(({ label }) => label),
  });
  return compareClaims(rules.map(comparable), model.map(comparable)).map(
    ({ change, left, right }) => ({ change, left: right, right: left }),
  );
}

function Heads({ model, rules }: Pick<Props, "model" | "rules">) {
  return (
    <div className="grid grid-cols-1 gap-x-3 pb-1 @min-[760px]/summary:grid-cols-2">
      <ModelLabel
        model={model.generator}
        promptVersion={model.promptVersion}
        at={model.issuedAt}
        aside={`version ${model.version}`}
      />
      <p className="text-2xs font-medium text-dim" title={rules.generator}>
        Composed by rules · version {rules.version}
      </p>
    </div>
  );
}

type CellProps = { voice: "model" | "rules"; empty: string; children: ReactNode };

function Cell({ voice, empty, children }: CellProps) {
  const look = cx(
    "@container/claims min-w-0 border-l-2 pl-3",
    voice === "model" ? "border-model" : "border-rules",
  );
  // Where the sides stand below each other, a side that is not there needs no word.
  if (children === null) {
    return (
      <p
        className={cx(
          look,
          "hidden border-dashed py-1.5 text-xs text-faint @min-[760px]/summary:block",
        )}
      >
        {empty}
      </p>
    );
  }
  return (
    <ul data-voice={voice} className={look}>
      {children}
    </ul>
  );
}
