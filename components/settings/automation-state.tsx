"use client";

import { OctagonX, Play } from "lucide-react";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { toast } from "#components/ui/toast.ts";
import { stopAutomation } from "#lib/actions/automation.ts";
import type { AutomationPageView } from "#lib/contracts/automation-views.ts";
import { AutomationLift } from "./automation-lift.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Props = { page: AutomationPageView; mayStop: boolean; mayLift: boolean };

/** Whether anything may run by itself now, and the one press that ends it everywhere. */
export function AutomationState({ page, mayStop, mayLift }: Props) {
  const [lifting, setLifting] = useState(false);
  const act = useAsking();
  const stopped = page.stops.find(({ scope }) => scope === "global");
  const press = async () => {
    const answer = await act.ask(() =>
      stopAutomation({ scope: "global", reason: "Stopped everywhere by hand." }),
    );
    if (answer?.ok) toast.done("Nothing runs by itself any more");
  };
  const ran = page.lastHour.reduce((sum, { count }) => sum + count, 0);
  return (
    <section
      aria-label="State of automation"
      className={cx(
        "flex flex-col gap-3 rounded-panel border border-l-2 bg-surface px-5 py-4",
        stopped ? "border-l-danger" : "border-l-ok",
      )}
    >
      <Refused reasons={act.refusal} />
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-col gap-1">
          <h2 className="flex items-center gap-2 text-lg font-semibold">
            {stopped ? (
              <OctagonX className="size-4 text-danger" strokeWidth={1.5} aria-hidden />
            ) : (
              <Play className="size-4 text-ok" strokeWidth={1.5} aria-hidden />
            )}
            {stopped ? "Stopped everywhere" : "Running"}
          </h2>
          {stopped ? (
            <p className="flex flex-wrap items-center gap-x-2 text-dim">
              {stopped.by ? <PersonChip name={stopped.by.name} role={stopped.by.role} /> : null}
              <RelativeTime at={stopped.at} />
              <HostileText text={stopped.reason} />
            </p>
          ) : (
            <p className="text-dim">
              {ranWords(ran)} within the last hour.
              {page.stopCount > 0
                ? ` ${page.stopCount === 1 ? "One stop holds" : `${page.stopCount.toLocaleString("en")} stops hold`} below.`
                : ""}
            </p>
          )}
        </div>
        {stopped && mayLift ? (
          <Button size="lg" onClick={() => setLifting(true)}>
            Lift the stop
          </Button>
        ) : null}
        {!stopped && mayStop ? (
          <Button
            size="lg"
            tone="danger"
            pending={act.pending}
            icon={<OctagonX className="size-4" strokeWidth={1.5} aria-hidden />}
            onClick={() => void press()}
          >
            Stop everything
          </Button>
        ) : null}
      </div>
      {stopped && lifting ? (
        <AutomationLift stop={stopped} onClose={() => setLifting(false)} />
      ) : null}
    </section>
  );
}

function ranWords(ran: number): string {
  if (ran === 0) return "Nothing ran by itself";
  return ran === 1 ? "1 act ran by itself" : `${ran.toLocaleString("en")} acts ran by themselves`;
}
