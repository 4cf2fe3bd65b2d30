"use client";

import { useState } from "react";
import { CheckField, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { DECISION_KINDS } from "#lib/domain/decision/decision.ts";
import { BLAST_RADII, INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import { BLAST_RADIUS_WORDS, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { typeWords } from "#lib/domain/decision/policy-words.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { SEVERITY_WORDS } from "#lib/domain/incident/words.ts";
import { readRuleForm, ruleFormOf } from "./policy-rule-form.ts";
import type { RuleErrors, RuleForm, RuleInput } from "./policy-rule-form.ts";

type Props = {
  rule: RuleInput;
  title: string;
  onClose: () => void;
  onDone: (rule: RuleInput) => void;
};

const REACH = BLAST_RADII.filter((radius) => radius !== "none");
const RANKS = [
  { value: "analyst", label: "An analyst or a lead" },
  { value: "lead", label: "A lead" },
] as const;

/** One rule: the situations it fits, and what it asks there. */
export function PolicyRuleDialog({ rule, title, onClose, onDone }: Props) {
  const [form, setForm] = useState<RuleForm>(() => ruleFormOf(rule));
  const [errors, setErrors] = useState<RuleErrors>({});
  const change = (part: Partial<RuleForm>) => setForm({ ...form, ...part });
  const done = () => {
    const read = readRuleForm(form);
    setErrors(read.ok ? {} : read.errors);
    if (read.ok) onDone(read.rule);
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      description="It adds to what other rules ask in the same situation; the strictest of each counts."
      submit="Take into the draft"
      pending={false}
      onSubmit={done}
    >
      <SelectField
        label="Decision"
        name="kind"
        value={form.kind}
        options={DECISION_KINDS.map((kind) => ({ value: kind, label: DECISION_WORDS[kind] }))}
        onChange={(kind) => change({ kind })}
      />
      <Situation form={form} onChange={change} />
      <Signing form={form} errors={errors} onChange={change} />
      <Conditions form={form} onChange={change} />
    </FormDialog>
  );
}

type PartProps = { form: RuleForm; onChange: (part: Partial<RuleForm>) => void };

function Situation({ form, onChange }: PartProps) {
  return (
    <>
      <Choices
        legend="Severity"
        chosen={form.severities}
        options={SEVERITIES.map((value) => [value, SEVERITY_WORDS[value]])}
        onChange={(severities) => onChange({ severities })}
      />
      {form.kind === "containment" ? (
        <Choices
          legend="How far it reaches"
          chosen={form.blastRadii}
          options={REACH.map((value) => [value, BLAST_RADIUS_WORDS[value]])}
          onChange={(blastRadii) => onChange({ blastRadii })}
        />
      ) : null}
      <Choices
        legend="Type of incident, by ATT&CK tactic"
        chosen={form.incidentTypes}
        options={INCIDENT_TYPES.map((value) => [value, typeWords(value)])}
        onChange={(incidentTypes) => onChange({ incidentTypes })}
      />
    </>
  );
}

type ChoicesProps = {
  legend: string;
  chosen: string[];
  options: readonly (readonly [value: string, label: string])[];
  onChange: (chosen: string[]) => void;
};

function Choices({ legend, chosen, options, onChange }: ChoicesProps) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-xs font-medium">
        {legend} <span className="font-normal text-dim">none ticked: any</span>
      </legend>
      <div className="grid grid-cols-2 gap-x-4 gap-y-1 sm:grid-cols-3">
        {options.map(([value, label]) => (
          <CheckField
            key={value}
            label={label}
            checked={chosen.includes(value)}
            onChange={(checked) =>
              onChange(
                options
                  .map(([one]) => one)
                  .filter((one) => (one === value ? checked : chosen.includes(one))),
              )
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

function Signing({ form, errors, onChange }: PartProps & { errors: RuleErrors }) {
  const number = (name: NumberName, label: string) => (
    <TextField
      label={label}
      name={name}
      inputMode="numeric"
      value={form[name]}
      error={errors[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
  return (
    <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
      {number("signOffs", "Signatures")}
      {number("leadSignOffs", "Of them by a lead")}
      <SelectField
        label="Who may sign"
        name="minRole"
        value={form.minRole}
        options={RANKS}
        onChange={(minRole) => onChange({ minRole })}
      />
      <SelectField
        label="Who may propose"
        name="minProposerRole"
        value={form.minProposerRole}
        options={RANKS}
        onChange={(minProposerRole) => onChange({ minProposerRole })}
      />
      <SelectField
        label="Signed with"
        name="assurance"
        value={form.assurance}
        options={[
          { value: "password", label: "The password, entered again" },
          { value: "passkey", label: "A passkey" },
        ]}
        onChange={(assurance) => onChange({ assurance })}
      />
      <span className="hidden sm:block" />
      {number("proposalMinutes", "A proposal is open for, in minutes")}
      {number("signOffMinutes", "A signature counts for, in minutes")}
    </div>
  );
}

type NumberName = "signOffs" | "leadSignOffs" | "proposalMinutes" | "signOffMinutes";

function Conditions({ form, onChange }: PartProps) {
  const check = (name: CheckName, label: string) => (
    <CheckField
      label={label}
      name={name}
      checked={form[name]}
      onChange={(checked) => onChange({ [name]: checked })}
    />
  );
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-xs font-medium">What else it asks</legend>
      {check("distinctFromProposer", "The proposer may not sign")}
      {check("distinctFromAssignee", "Whoever the incident is assigned to may not sign")}
      {check("claimsSettled", "Claims that do not hold are settled or waived by name")}
      {check("summaryComplete", "The summary is whole")}
      {check("evidenceOpened", "A signer opened the cited evidence")}
    </fieldset>
  );
}

type CheckName =
  | "distinctFromProposer"
  | "distinctFromAssignee"
  | "claimsSettled"
  | "summaryComplete"
  | "evidenceOpened";
