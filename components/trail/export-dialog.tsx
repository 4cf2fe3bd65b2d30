"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { CheckField, RadioField, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { askExport, estimateExport } from "#lib/actions/exports.ts";
import type { TrailChoices } from "#lib/contracts/trail-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import {
  EXPORT_DAYS,
  EXPORT_FORMAT_WORDS,
  EXPORT_FORMATS,
  exportUnit,
  type ExportFormat,
} from "#lib/domain/trail/export.ts";
import { SCOPE_KIND_WORDS, scopeInput, type ScopeDraft, type ScopeKind } from "./export-draft.ts";
import { useExportActs } from "./use-export-acts.ts";

type Props = {
  /** What it is filled in with. */
  draft: ScopeDraft;
  choices: TrailChoices;
  /** The list behind it asks for more than a scope can. */
  isNarrower?: boolean;
  onClose: () => void;
};

const NOTHING = { evidence: false, names: false, payloads: false };
const WITHHELD: [name: keyof typeof NOTHING, label: string, hint: string][] = [
  ["evidence", "Raw evidence", "And what models were sent and answered; the digests stay."],
  ["names", "People's names", "Every payload that holds a name or an address of a person."],
  ["payloads", "All payloads", "Who did what when stays, and what was said does not."],
];
const KINDS = Object.entries(SCOPE_KIND_WORDS).map(([value, label]) => ({
  value: value as ScopeKind,
  label,
}));
const FORMATS = EXPORT_FORMATS.map((value) => ({
  value,
  label: EXPORT_FORMAT_WORDS[value].name,
  hint: EXPORT_FORMAT_WORDS[value].use,
}));

/** Asks for an export: what of the trail, in which format, and what a third party is not to see. */
export function ExportDialog({ draft: given, choices, isNarrower = false, onClose }: Props) {
  const router = useRouter();
  const acts = useExportActs();
  const [draft, setDraft] = useState(given);
  const [format, setFormat] = useState<ExportFormat>("bundle");
  const [withheld, setWithheld] = useState(NOTHING);
  const ask = async () => {
    const scope = scopeInput(draft);
    const left = format === "bundle" ? withheld : NOTHING;
    if (!(await acts.send(() => askExport({ scope, format, withheld: left })))) return;
    toast.done("Asked for; it is written in the background");
    onClose();
    router.push("/exports");
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Export the trail"
      description={`It is written in the background, kept for ${EXPORT_DAYS} days, and on the trail: that you asked, and each download.`}
      submit="Ask for the export"
      pending={acts.pending}
      onSubmit={() => void ask()}
    >
      {acts.refusal ? (
        <div role="alert">
          <Notice tone="danger">{acts.refusal}</Notice>
        </div>
      ) : null}
      {isNarrower ? (
        <Notice>
          An export is of one of these. What else the list is filtered by does not narrow it.
        </Notice>
      ) : null}
      <SelectField
        label="What of the trail"
        value={draft.kind}
        options={KINDS}
        onChange={(kind) => {
          setDraft({ ...draft, kind });
          acts.clear();
        }}
      />
      <ScopeFields
        draft={draft}
        choices={choices}
        error={acts.fields["scope"]?.[0]}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      <Estimate key={JSON.stringify(scopeInput(draft))} draft={draft} format={format} />
      <RadioField
        label="Format"
        look="cards"
        value={format}
        options={FORMATS}
        onChange={setFormat}
      />
      {format === "bundle" ? <WithheldFields withheld={withheld} onChange={setWithheld} /> : null}
    </FormDialog>
  );
}

type WithheldProps = { withheld: typeof NOTHING; onChange: (withheld: typeof NOTHING) => void };

function WithheldFields({ withheld, onChange }: WithheldProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="pb-1.5 text-xs font-medium">
        Leave out for a third party; its proofs hold all the same
      </legend>
      {WITHHELD.map(([name, label, hint]) => (
        <CheckField
          key={name}
          label={label}
          hint={hint}
          checked={withheld[name]}
          onChange={(checked) => onChange({ ...withheld, [name]: checked })}
        />
      ))}
    </fieldset>
  );
}

type FieldsProps = {
  draft: ScopeDraft;
  choices: TrailChoices;
  error: string | undefined;
  onChange: (change: Partial<ScopeDraft>) => void;
};

function ScopeFields({ draft, choices, error, onChange }: FieldsProps) {
  const { kind } = draft;
  switch (kind) {
    case "log":
      return null;
    case "incident":
      return (
        <TextField
          label="Incident"
          value={draft.incident}
          maxLength={20}
          placeholder="INC-000123"
          error={error}
          onChange={(event) => onChange({ incident: event.target.value })}
        />
      );
    case "period":
      return <PeriodFields draft={draft} error={error} onChange={onChange} />;
    case "person":
    case "model":
    case "prompt":
      return (
        <SelectField
          label={{ person: "Person", model: "Model", prompt: "Prompt version" }[kind]}
          value={draft[kind] || null}
          options={optionsOf(kind, choices)}
          error={error}
          onChange={(value) => onChange({ [kind]: value })}
        />
      );
  }
}

function PeriodFields({ draft, error, onChange }: Omit<FieldsProps, "choices">) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <TextField
        label="From, UTC"
        value={draft.since}
        maxLength={40}
        placeholder="2026-03-01 02:00"
        error={error}
        onChange={(event) => onChange({ since: event.target.value })}
      />
      <TextField
        label="Until, UTC"
        hint="Not included"
        value={draft.until}
        maxLength={40}
        placeholder="2026-03-01 06:00"
        onChange={(event) => onChange({ until: event.target.value })}
      />
    </div>
  );
}

function optionsOf(kind: "person" | "model" | "prompt", choices: TrailChoices) {
  if (kind === "person")
    return choices.people.map(({ id, name }) => ({ value: id, label: visibleText(name) }));
  const names = kind === "model" ? choices.models : choices.prompts;
  return names.map((value) => ({ value, label: visibleText(value) }));
}

const WAIT_MS = 300;

/** How much it would be now; a scope that holds nothing says so before it is asked for. */
function Estimate({ draft, format }: { draft: ScopeDraft; format: ExportFormat }) {
  const [words, setWords] = useState<string | { entries: number; incidents: number }>("Counting");
  useEffect(() => {
    let isGone = false;
    const timer = setTimeout(() => {
      void estimateExport({ scope: scopeInput(draft) })
        .then((answer) => (answer.ok ? answer.data : answer.message))
        .catch(() => "It could not be counted.")
        .then((found) => (isGone ? undefined : setWords(found)));
    }, WAIT_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [draft]);
  const count = typeof words === "string" ? 0 : format === "ocsf" ? words.incidents : words.entries;
  return (
    <output className="min-h-4 text-xs text-dim tabular-nums">
      {typeof words === "string"
        ? words
        : `About ${count.toLocaleString("en")} ${exportUnit(format, count)} now`}
    </output>
  );
}
