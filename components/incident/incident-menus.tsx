"use client";

import { ChevronDown, Scale, UserPlus } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { StatusMark } from "#components/marks/status-mark.tsx";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import { VERDICTS } from "#lib/domain/incident/incident.ts";
import { STATUS_WORDS, VERDICT_KEYS, VERDICT_WORDS } from "#lib/domain/incident/words.ts";

export type WorkStatus = Exclude<IncidentStatus, "closed">;
const WORK_STATUSES: WorkStatus[] = ["new", "in_progress", "on_hold"];
const CHEVRON = <ChevronDown className="size-3.5 text-faint" strokeWidth={1.5} aria-hidden />;

type StatusProps = {
  status: IncidentStatus;
  mayWork: boolean;
  onChange: (status: WorkStatus) => void;
};

/** Where the work stands. Closing is not here: it is a decision. */
export function StatusMenu({ status, mayWork, onChange }: StatusProps) {
  if (!mayWork || status === "closed") {
    return (
      <span className="inline-flex h-7 items-center px-2.5">
        <StatusMark status={status} />
      </span>
    );
  }
  return (
    <Menu
      align="end"
      trigger={
        <Button tone="quiet" aria-label={`Status: ${STATUS_WORDS[status]}`}>
          <StatusMark status={status} />
          {CHEVRON}
        </Button>
      }
    >
      <MenuChoice
        label="Status"
        value={status}
        options={WORK_STATUSES.map((value) => ({ value, label: STATUS_WORDS[value] }))}
        onChange={(next) => {
          if (next !== status) onChange(next as WorkStatus);
        }}
      />
    </Menu>
  );
}

type VerdictProps = {
  verdict: Verdict | null;
  maySet: boolean;
  onChange: (verdict: Verdict | null) => void;
};

/** What a person judges the incident to be; the model has no hand in it. */
export function VerdictMenu({ verdict, maySet, onChange }: VerdictProps) {
  const word = verdict ? VERDICT_WORDS[verdict] : "No verdict";
  const mark = <Scale className="size-3.5" strokeWidth={1.5} aria-hidden />;
  if (!maySet) {
    return (
      <span className="inline-flex h-7 items-center gap-1.5 px-2.5 text-dim">
        {mark}
        {word}
      </span>
    );
  }
  const keyed: readonly Verdict[] = VERDICT_KEYS;
  return (
    <Menu
      align="end"
      trigger={
        <Button tone="quiet" icon={mark} aria-label={`Verdict: ${word}`}>
          <span className={verdict ? "text-text" : undefined}>{word}</span>
          {CHEVRON}
        </Button>
      }
    >
      {VERDICT_KEYS.map((value, index) => (
        <MenuItem key={value} keys={String(index + 1)} onSelect={() => onChange(value)}>
          {VERDICT_WORDS[value]}
        </MenuItem>
      ))}
      <MenuSeparator />
      {VERDICTS.filter((value) => !keyed.includes(value)).map((value) => (
        <MenuItem key={value} onSelect={() => onChange(value)}>
          {VERDICT_WORDS[value]}
        </MenuItem>
      ))}
      {verdict ? (
        <>
          <MenuSeparator />
          <MenuItem onSelect={() => onChange(null)}>Take the verdict back</MenuItem>
        </>
      ) : null}
    </Menu>
  );
}

type AssigneeProps = {
  assignee: { id: string; name: string } | null;
  personId: string;
  mayAssign: boolean;
  onAssign: (personId: string | null) => void;
  onHandOver: () => void;
};

export function AssigneeMenu(props: AssigneeProps) {
  const { assignee, personId, mayAssign, onAssign, onHandOver } = props;
  if (!assignee) {
    return mayAssign ? (
      <Button
        tone="quiet"
        keys="a"
        icon={<UserPlus className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={() => onAssign(personId)}
      >
        Assign to me
      </Button>
    ) : (
      <span className="inline-flex h-7 items-center px-2.5 text-dim">Unassigned</span>
    );
  }
  if (!mayAssign) return <PersonChip name={assignee.name} className="h-7 px-2.5" />;
  return (
    <Menu
      align="end"
      trigger={
        <Button tone="quiet">
          <span className="sr-only">Assignee: </span>
          <PersonChip name={assignee.name} />
          {CHEVRON}
        </Button>
      }
    >
      {assignee.id === personId ? null : (
        <MenuItem keys="a" onSelect={() => onAssign(personId)}>
          Take over from {assignee.name}
        </MenuItem>
      )}
      <MenuItem keys="h" onSelect={onHandOver}>
        Hand over with a note
      </MenuItem>
      <MenuItem onSelect={() => onAssign(null)}>Give back to the queue</MenuItem>
    </Menu>
  );
}
