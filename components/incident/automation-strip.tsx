"use client";

import { Cog, OctagonX } from "lucide-react";
import { useState, useTransition } from "react";
import { AutomationValuesView } from "#components/marks/automation-values.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { toast } from "#components/ui/toast.ts";
import { stopAutomation } from "#lib/actions/automation.ts";
import type { IncidentAutomationView } from "#lib/contracts/automation-views.ts";
import type { ResponseAction } from "#lib/domain/decision/decision.ts";
import { actWords, becauseWords, reasonSentences } from "#lib/domain/decision/automation-words.ts";
import { RESPONSE_UNDO } from "#lib/domain/decision/words.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";

type Props = {
  incidentId: string;
  automation: IncidentAutomationView;
  mayStop: boolean;
  onChanged: () => void;
  /** Runs that a later response took back. */
  takenBack: ReadonlySet<string>;
  /** Proposes to take one back; null: this person proposes nothing. */
  onTakeBack: ((action: ResponseAction) => void) | null;
};
type Act = IncidentAutomationView["acts"][number];

/** What ran by itself in this incident and why, what did not, and the press that ends it here. */
export function AutomationStrip(props: Props) {
  const { incidentId, automation, mayStop, onChanged } = props;
  const [open, setOpen] = useState(false);
  const { acts, refusals, stops } = automation;
  const stop = stops[0];
  const isolated = acts.some(({ action }) => action === "isolate_host");
  const first = acts.find(({ action }) => action === "isolate_host") ?? acts[0];
  const count = acts.length + refusals.length;
  return (
    <section
      aria-label="Automation"
      className={cx(
        "shrink-0 border-b border-l-2 bg-surface px-3 py-1",
        isolated || stop ? "border-l-danger" : "border-l-line-strong",
      )}
    >
      <div className="flex min-h-8 items-center gap-2.5">
        <Cog className="size-4 shrink-0 text-faint" strokeWidth={1.5} aria-hidden />
        <p className="min-w-0 flex-1 truncate">
          {first ? <Ran act={first} /> : "Nothing ran by itself."}
          {stop ? (
            <span className="text-danger">
              {" "}
              Stopped here: <HostileText text={stop.reason} />
            </span>
          ) : null}
        </p>
        {count > 0 ? (
          <Button size="sm" tone="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Fewer" : `All ${count}`}
          </Button>
        ) : null}
        {stop ? (
          <ButtonLink size="sm" href="/automation">
            Stops
          </ButtonLink>
        ) : mayStop ? (
          <StopHere incidentId={incidentId} onStopped={onChanged} />
        ) : null}
      </div>
      {open ? <Details {...props} /> : null}
    </section>
  );
}

function Ran({ act }: { act: Act }) {
  const { rule } = act.values;
  return (
    <>
      <span className="font-medium">
        Ran by itself: <HostileText text={actWords(act)} />
      </span>
      <span className="text-dim">
        , rule {rule?.version}.{rule?.number}, because {becauseWords(act.values, rule)}.
      </span>
    </>
  );
}

const OUTCOMES: Record<string, string> = {
  dispatched: "Dispatched, not yet verified",
  verified: "Verified",
  failed: "Failed",
  unknown: "Outcome unknown",
};

function Details({ automation: { acts, refusals }, takenBack, onTakeBack }: Props) {
  return (
    <ul aria-label="What ran, and what did not" className="max-h-64 divide-y overflow-y-auto">
      {acts.map((act) => (
        <li key={act.id} className="py-1.5">
          <p className="flex flex-wrap items-center gap-x-2">
            <span>
              <Ran act={act} />
            </span>
            <Badge title={act.detail === null ? undefined : visibleText(act.detail)}>
              {OUTCOMES[act.outcome] ?? act.outcome}
            </Badge>
            <RelativeTime at={act.at} className="text-xs text-faint" />
          </p>
          {act.action === "isolate_host" ? (
            <TakingBack
              act={act}
              isTakenBack={act.run !== null && takenBack.has(act.run.id)}
              onTakeBack={onTakeBack}
            />
          ) : null}
          <AutomationValuesView values={act.values} sha256={act.valuesSha256} />
        </li>
      ))}
      {refusals.map((refusal) => (
        <li key={refusal.id} className="py-1.5">
          <p>
            Did not run: <HostileText text={actWords(refusal)} />.{" "}
            <span className="text-dim">{reasonSentences(refusal.reasons)}</span>
          </p>
          <AutomationValuesView values={refusal.values} sha256={null} />
        </li>
      ))}
    </ul>
  );
}

type TakingBackProps = Pick<Props, "onTakeBack"> & { act: Act; isTakenBack: boolean };

/** An isolation is lifted as a signed one is: by a decision of its own. */
function TakingBack({ act, isTakenBack, onTakeBack }: TakingBackProps) {
  const { run, target } = act;
  return (
    <p className="flex flex-wrap items-center gap-2 text-dim">
      {isTakenBack ? "Taken back by a later decision." : RESPONSE_UNDO.isolate_host}
      {run && !isTakenBack && onTakeBack ? (
        <Button
          size="sm"
          tone="quiet"
          onClick={() => onTakeBack({ action: "isolate_host", target, undoOf: run.id })}
        >
          Propose taking it back
        </Button>
      ) : null}
    </p>
  );
}

function StopHere({ incidentId, onStopped }: { incidentId: string; onStopped: () => void }) {
  const [pending, start] = useTransition();
  const press = () =>
    start(async () => {
      const reason = "Stopped for this incident by hand.";
      const answer = await stopAutomation({ scope: "incident", incidentId, reason }).catch(
        () => null,
      );
      if (answer?.ok) {
        toast.done("Nothing more runs by itself in this incident");
        onStopped();
      } else toast.failed(answer?.message ?? "The server did not answer. Try again.");
    });
  return (
    <Button
      size="sm"
      pending={pending}
      icon={<OctagonX className="size-3.5" strokeWidth={1.5} aria-hidden />}
      onClick={press}
    >
      Stop automation for this incident
    </Button>
  );
}
