"use client";

import { useState } from "react";
import { TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { createSourceAction } from "#lib/actions/sources.ts";
import { reached } from "#lib/browser/reached.ts";
import { createSourceInput, SENSITIVITIES } from "#lib/contracts/desk-inputs.ts";
import type { CreateSourceInput } from "#lib/contracts/desk-inputs.ts";
import { FORMATS } from "#lib/domain/evidence/record.ts";
import type { ShownToken } from "./source-token.tsx";
import {
  FORMAT_HINTS,
  FORMAT_WORDS,
  SENSITIVITY_HINTS,
  SENSITIVITY_WORDS,
} from "./source-words.ts";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdded: (token: ShownToken) => void;
};
type Errors = Partial<Record<keyof CreateSourceInput | "form", string>>;

const EMPTY: CreateSourceInput = { name: "", format: "auto", sensitivity: "amber" };

export function AddSource({ open, onOpenChange, onAdded }: Props) {
  const [input, setInput] = useState(EMPTY);
  const [errors, setErrors] = useState<Errors>({});
  const [pending, setPending] = useState(false);
  const submit = async () => {
    const parsed = createSourceInput.safeParse(input);
    if (!parsed.success) return setErrors({ name: parsed.error.issues[0]?.message });
    setErrors({});
    setPending(true);
    const result = await reached(createSourceAction(parsed.data));
    setPending(false);
    if (!result.ok) return setErrors({ name: result.fieldErrors?.name?.[0], form: result.message });
    setInput(EMPTY);
    onAdded({ name: parsed.data.name, token: result.data.token, fresh: true });
  };
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add a source"
      description="It gets a token of its own, shown once."
      submit="Add source"
      pending={pending}
      onSubmit={() => void submit()}
    >
      <SourceFields
        input={input}
        error={errors.name}
        onChange={(change) => setInput({ ...input, ...change })}
      />
      {errors.form && !errors.name ? (
        <p role="alert" className="text-danger">
          {errors.form}
        </p>
      ) : null}
    </FormDialog>
  );
}

type FieldsProps = {
  input: CreateSourceInput;
  error: string | undefined;
  onChange: (change: Partial<CreateSourceInput>) => void;
};

function SourceFields({ input, error, onChange }: FieldsProps) {
  return (
    <>
      <TextField
        label="Name"
        name="name"
        value={input.name}
        onChange={(event) => onChange({ name: event.target.value })}
        error={error}
        hint="How the desk knows it, such as Defender XDR or edge Suricata."
        maxLength={80}
        autoComplete="off"
        required
      />
      <SelectField
        label="Format"
        name="format"
        value={input.format}
        options={FORMATS.map((value) => ({
          value,
          label: FORMAT_WORDS[value],
          hint: FORMAT_HINTS[value],
        }))}
        onChange={(format) => onChange({ format })}
      />
      <SelectField
        label="Sensitivity of what it sends"
        name="sensitivity"
        value={input.sensitivity}
        options={SENSITIVITIES.map((value) => ({
          value,
          label: SENSITIVITY_WORDS[value],
          hint: SENSITIVITY_HINTS[value],
        }))}
        onChange={(sensitivity) => onChange({ sensitivity })}
      />
    </>
  );
}
