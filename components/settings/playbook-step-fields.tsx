"use client";

import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { isIncidentType, PLAYBOOK_LIMITS } from "#lib/domain/incident/playbook.ts";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import { typeWords } from "#lib/domain/decision/policy-words.ts";
import type { StepForm } from "./playbook-form.ts";

type Props = {
  number: number;
  /** Of how many. */
  count: number;
  step: StepForm;
  error: string | undefined;
  onChange: (step: StepForm) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
};

const NONE = "none";
const TACTICS = [
  { value: NONE, label: "No tactic" },
  ...INCIDENT_TYPES.map((value) => ({ value: value as string, label: typeWords(value) })),
];
const ICON = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;

/** One step: what is to be done, how, and what of the attack it answers. */
export function PlaybookStepFields(props: Props) {
  const { number, count, step, error, onChange, onMove, onRemove } = props;
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_11rem_auto] items-start gap-x-3 gap-y-2 border-t pt-3">
      <legend className="sr-only">Step {number}</legend>
      <TextField
        label={`Step ${number}`}
        value={step.title}
        maxLength={PLAYBOOK_LIMITS.title}
        autoComplete="off"
        placeholder="What is to be done"
        error={error}
        onChange={(event) => onChange({ ...step, title: event.target.value })}
      />
      <SelectField
        label="Tactic"
        value={step.tactic ?? NONE}
        options={TACTICS}
        onChange={(value) => onChange({ ...step, tactic: isIncidentType(value) ? value : null })}
      />
      <span className="flex gap-0.5 pt-5">
        <IconButton
          label={`Move step ${number} up`}
          icon={<ArrowUp {...ICON} />}
          aria-disabled={number === 1 || undefined}
          onClick={() => onMove(-1)}
        />
        <IconButton
          label={`Move step ${number} down`}
          icon={<ArrowDown {...ICON} />}
          aria-disabled={number === count || undefined}
          onClick={() => onMove(1)}
        />
        <IconButton
          label={`Remove step ${number}`}
          icon={<Trash2 {...ICON} />}
          onClick={onRemove}
        />
      </span>
      <div className="col-span-2">
        <TextArea
          label="How"
          optional
          rows={2}
          value={step.details}
          maxLength={PLAYBOOK_LIMITS.details}
          onChange={(event) => onChange({ ...step, details: event.target.value })}
        />
      </div>
    </fieldset>
  );
}
