"use client";

import { Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { CheckField, TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select.tsx";
import {
  AUTOMATION_BOUNDS,
  type AutomaticAction,
  type AutomationRuleInput,
} from "#lib/domain/decision/automation.ts";
import { incidentTypeWords, ruleSentence } from "#lib/domain/decision/automation-words.ts";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";

type Props = {
  number: number;
  rule: AutomationRuleInput;
  onChange: (rule: AutomationRuleInput) => void;
  onRemove: () => void;
};

const ACTIONS: { value: AutomaticAction; label: string }[] = [
  { value: "collect_artifacts", label: "Collect artifacts from a system" },
  { value: "isolate_host", label: "Isolate one system" },
];

/** One rule, with the sentence it makes. Nothing wider can be chosen. */
export function AutomationRuleFields({ number, rule, onChange, onRemove }: Props) {
  const set = (change: Partial<AutomationRuleInput>) => onChange({ ...rule, ...change });
  const choose = (action: AutomaticAction) => {
    const { perHour, perIncident } = AUTOMATION_BOUNDS[action];
    set({
      action,
      maxPerHour: Math.min(rule.maxPerHour, perHour),
      maxPerIncident: Math.min(rule.maxPerIncident, perIncident),
    });
  };
  return (
    <fieldset className="flex flex-col gap-3 border-t pt-3">
      <legend className="sr-only">Rule {number}</legend>
      <div className="flex items-start justify-between gap-4">
        <p>
          <span className="record text-dim">{number}</span> {ruleSentence(rule)}
        </p>
        <Button
          size="sm"
          tone="quiet"
          aria-label={`Remove rule ${number}`}
          icon={<Trash2 className="size-3.5" strokeWidth={1.5} aria-hidden />}
          onClick={onRemove}
        >
          Remove
        </Button>
      </div>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-[minmax(0,2fr)_repeat(4,minmax(0,1fr))]">
        <SelectField label="What" value={rule.action} options={ACTIONS} onChange={choose} />
        <Numbers rule={rule} set={set} />
      </div>
      <Some
        label="Severity"
        all={SEVERITIES}
        words={(severity) => severity}
        chosen={rule.severities}
        onChange={(severities) => set({ severities })}
      />
      <Some
        label="Type"
        all={INCIDENT_TYPES}
        words={incidentTypeWords}
        chosen={rule.incidentTypes}
        onChange={(incidentTypes) => set({ incidentTypes })}
      />
    </fieldset>
  );
}

type NumbersProps = {
  rule: AutomationRuleInput;
  set: (change: Partial<AutomationRuleInput>) => void;
};

function Numbers({ rule, set }: NumbersProps) {
  const bounds = AUTOMATION_BOUNDS[rule.action];
  return (
    <>
      <Whole
        label="Confidence"
        range={[0, 100]}
        value={rule.minConfidence}
        onChange={(minConfidence) => set({ minConfidence })}
      />
      <Whole
        label="Sources"
        range={[1, 10]}
        value={rule.minSources}
        onChange={(minSources) => set({ minSources })}
      />
      <Whole
        label="In an hour"
        range={[1, bounds.perHour]}
        value={rule.maxPerHour}
        onChange={(maxPerHour) => set({ maxPerHour })}
      />
      <Whole
        label="In an incident"
        range={[1, bounds.perIncident]}
        value={rule.maxPerIncident}
        onChange={(maxPerIncident) => set({ maxPerIncident })}
      />
    </>
  );
}

type WholeProps = {
  label: string;
  range: [min: number, max: number];
  value: number;
  onChange: (value: number) => void;
};

function Whole({ label, range: [min, max], value, onChange }: WholeProps) {
  return (
    <TextField
      type="number"
      label={label}
      min={min}
      max={max}
      value={value}
      hint={`${min} to ${max}`}
      onChange={(event) => onChange(Number(event.target.value))}
    />
  );
}

type SomeProps<T extends string> = {
  label: string;
  all: readonly T[];
  words: (value: T) => string;
  /** Null: all of them. */
  chosen: T[] | null;
  onChange: (chosen: T[] | null) => void;
};

/** All, or some of a set; none of them is all, since a rule for nothing says nothing. */
function Some<T extends string>({ label, all, words, chosen, onChange }: SomeProps<T>) {
  const toggle = (value: T, on: boolean) => {
    const next = all.filter((each) => (each === value ? on : (chosen?.includes(each) ?? false)));
    onChange(next.length === 0 ? null : next);
  };
  return (
    <div role="group" aria-label={label} className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
      <span className="w-16 text-xs font-medium">{label}</span>
      <CheckField label="any" checked={chosen === null} onChange={() => onChange(null)} />
      {all.map((value) => (
        <CheckField
          key={value}
          label={words(value)}
          checked={chosen?.includes(value) ?? false}
          onChange={(on) => toggle(value, on)}
        />
      ))}
    </div>
  );
}
