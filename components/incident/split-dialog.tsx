"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { Button } from "#components/ui/button.tsx";
import { CheckField, TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { LoadingNote } from "#components/ui/skeleton.tsx";
import { ErrorState, Notice } from "#components/ui/states.tsx";
import { splitOptions } from "#lib/browser/split-data.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { SplitChoices } from "#lib/contracts/split-views.ts";

type Props = {
  incidentId: string;
  number: string; // INC-000012
  pending: boolean;
  /** Why the last try was refused. */
  refused: string | null;
  onClose: () => void;
  onSplit: (chosen: { evidenceIds: string[]; withEvents: boolean; reason: string }) => void;
};

/** Which alerts are another story, and why; it goes on the trail of both. */
export function SplitDialog({ incidentId, number, pending, refused, onClose, onSplit }: Props) {
  const choices = useQuery(splitOptions(incidentId));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [withEvents, setWithEvents] = useState(true);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string>();
  const [none, setNone] = useState(false);
  const { data } = choices;
  const submit = () => {
    setNone(chosen.size === 0);
    if (reason.trim() === "") setError("Write a reason.");
    if (chosen.size === 0 || reason.trim() === "" || pending) return;
    onSplit({ evidenceIds: [...chosen], withEvents, reason });
  };
  return (
    <FormDialog
      open
      size="lg"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Split ${number}`}
      description={`The chosen alerts go to a new incident. What ${number} held stays under its evidence root, and each record keeps its old name as a link. It can be undone until someone works on either.`}
      submit="Split"
      pending={pending}
      blocked={!data || data.mayNotSplit !== null}
      onSubmit={submit}
    >
      {choices.isError ? (
        <ErrorState
          flush
          title="The alerts could not be loaded"
          safe={`${choices.error.message} Nothing was split.`}
          action={<Button onClick={() => void choices.refetch()}>Try again</Button>}
        />
      ) : data ? (
        <Chooser
          choices={data}
          chosen={chosen}
          onChange={(next) => {
            setChosen(next);
            setNone(false);
          }}
        />
      ) : (
        <LoadingNote>Reading the alerts</LoadingNote>
      )}
      {none ? <Notice tone="danger">Choose the alerts that go.</Notice> : null}
      {data && data.mayNotSplit === null ? (
        <>
          <CheckField
            label="With their events"
            hint="Events that show a host, account, address or other value of the chosen alerts which no other alert here shows."
            checked={withEvents}
            onChange={setWithEvents}
          />
          <TextArea
            label="Reason"
            value={reason}
            maxLength={TEXT_LIMITS.reason}
            error={error}
            onChange={(event) => {
              setReason(event.target.value);
              setError(undefined);
            }}
          />
        </>
      ) : null}
      {refused ? <Notice tone="danger">{refused}</Notice> : null}
    </FormDialog>
  );
}

type ChooserProps = {
  choices: SplitChoices;
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
};

function Chooser({ choices: { mayNotSplit, alerts, more }, chosen, onChange }: ChooserProps) {
  if (mayNotSplit !== null) return <Notice tone="danger">{mayNotSplit}</Notice>;
  if (alerts.length === 0)
    return <Notice tone="warn">It holds no alert, so there is nothing to choose.</Notice>;
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1 text-sm">
        Alerts that go{" "}
        <span className="text-dim tabular-nums" aria-live="polite">
          {chosen.size.toLocaleString("en")} of {alerts.length.toLocaleString("en")}
          {more ? " and more" : ""}
        </span>
      </legend>
      <div className="flex max-h-64 flex-col gap-1.5 overflow-y-auto rounded-control border p-2">
        {alerts.map((alert) => (
          <CheckField
            key={alert.id}
            checked={chosen.has(alert.id)}
            onChange={(on) => toggle(alert.id, on)}
            label={
              <span className="flex min-w-0 items-baseline gap-2">
                <span className="record shrink-0 text-xs text-faint">{alert.label}</span>
                {alert.severity ? <SeverityMark severity={alert.severity} /> : null}
                <span className="min-w-0 flex-1 truncate">
                  <HostileText text={alert.title} />
                </span>
              </span>
            }
            hint={
              <>
                {alert.source}, <ExactTime at={alert.at} />
              </>
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
