"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { BudgetView } from "#lib/contracts/copilot-views.ts";
import { BudgetDialog } from "./budget-dialog.tsx";
import { dollars } from "./model-words.ts";

const SCOPE_WORDS: Record<BudgetView["scope"], { name: string; meaning: string }> = {
  run: { name: "One run", meaning: "No single request may cost more." },
  incident: { name: "One incident", meaning: "All runs of one incident together." },
  day: { name: "Today", meaning: "Everything since 00:00 UTC." },
  all: { name: "In all", meaning: "Everything since the first run." },
};

/** What models may cost, and what they have. The database holds every call to it, before it is made. */
export function ModelBudgets({
  budgets,
  mayManage,
}: {
  budgets: BudgetView[];
  mayManage: boolean;
}) {
  const [setting, setSetting] = useState(false);
  return (
    <section aria-labelledby="budgets" className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-4">
        <div>
          <h2 id="budgets" className="text-lg font-semibold">
            Budgets
          </h2>
          <p className="text-xs text-dim">
            What a call may cost is held back before it is made and settled after; a call that does
            not fit waits or is refused.
          </p>
        </div>
        {mayManage ? <Button onClick={() => setSetting(true)}>Set limits</Button> : null}
      </div>
      <dl className="grid grid-cols-1 gap-px overflow-hidden rounded-panel border bg-line sm:grid-cols-2 md:grid-cols-4">
        {budgets.map((budget) => (
          <Budget key={budget.scope} budget={budget} />
        ))}
      </dl>
      {mayManage ? (
        <BudgetDialog
          key={setting ? "open" : "shut"}
          open={setting}
          onOpenChange={setSetting}
          budgets={budgets}
        />
      ) : null}
    </section>
  );
}

function Budget({ budget }: { budget: BudgetView }) {
  const { name, meaning } = SCOPE_WORDS[budget.scope];
  const metered = budget.scope === "day" || budget.scope === "all";
  return (
    <div className="flex flex-col gap-1 bg-surface px-4 py-3">
      <dt className="text-xs text-dim">
        {name} <span className="text-faint">at most</span>
      </dt>
      <dd className="flex flex-col gap-1.5">
        <span className="text-lg tabular-nums">{dollars(budget.limitMicro)}</span>
        {metered ? <Meter budget={budget} /> : null}
        <span className="text-2xs text-faint">{meaning}</span>
      </dd>
    </div>
  );
}

function Meter({
  budget: { scope, limitMicro, spentMicro, reservedMicro, overMicro },
}: MeterProps) {
  const gone = spentMicro + reservedMicro;
  const share = limitMicro === 0 ? 1 : Math.min(1, gone / limitMicro);
  const tone = share >= 1 ? "bg-danger" : share >= 0.8 ? "bg-warn" : "bg-accent";
  const words = `${dollars(spentMicro)} spent${reservedMicro > 0 ? `, ${dollars(reservedMicro)} held for calls that go on` : ""}`;
  return (
    <>
      <span
        role="meter"
        aria-label={SCOPE_WORDS[scope].name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={words}
        className="block h-1.5 overflow-hidden rounded-full bg-sunken shadow-[inset_0_0_0_1px_var(--line)]"
      >
        <span className={`block h-full ${tone}`} style={{ width: `${share * 100}%` }} />
      </span>
      <span className="text-xs text-dim tabular-nums">{words}</span>
      {overMicro > 0 ? (
        <span className="text-xs text-warn tabular-nums">
          {dollars(overMicro)} were billed over what was held back
        </span>
      ) : null}
    </>
  );
}

type MeterProps = { budget: BudgetView };
