"use client";

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Field } from "@base-ui/react/field";
import { Fieldset } from "@base-ui/react/fieldset";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup as BaseRadioGroup } from "@base-ui/react/radio-group";
import { Check } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";

/** What every field has: a visible label, an optional hint, and the error that says what to do. */
export type FieldFrame = {
  label: string;
  labelHidden?: boolean;
  hint?: ReactNode;
  error?: string | null;
  /** Shown as "optional" beside the label. */
  optional?: boolean;
};

export const CONTROL = cx(
  "w-full rounded-control border border-line-strong/70 bg-sunken px-2.5 text-sm text-text transition-colors",
  "hover:border-line-strong focus-visible:border-accent disabled:opacity-60 data-invalid:border-danger",
);

export function FieldShell({
  label,
  labelHidden,
  hint,
  error,
  optional,
  name,
  children,
}: FieldFrame & { name?: string; children: ReactNode }) {
  return (
    <Field.Root name={name} invalid={Boolean(error)} className="flex w-full flex-col gap-1">
      <Field.Label
        className={
          labelHidden ? "sr-only" : "flex items-baseline gap-1.5 text-xs font-medium text-text"
        }
      >
        {label}
        {optional ? <span className="font-normal text-faint">optional</span> : null}
      </Field.Label>
      {children}
      {hint && !error ? (
        <Field.Description className="text-2xs text-dim">{hint}</Field.Description>
      ) : null}
      <Field.Error match={Boolean(error)} className="text-xs text-danger" role="alert">
        {error}
      </Field.Error>
    </Field.Root>
  );
}

export type TextFieldProps = FieldFrame &
  Omit<ComponentProps<"input">, "size"> & { size?: "md" | "lg"; mono?: boolean };

export function TextField(props: TextFieldProps) {
  const {
    label,
    labelHidden,
    hint,
    error,
    optional,
    size = "md",
    mono,
    className,
    name,
    ...input
  } = props;
  return (
    <FieldShell {...{ label, labelHidden, hint, error, optional, name }}>
      <Field.Control
        {...input}
        className={cx(CONTROL, size === "lg" ? "h-9" : "h-7", mono && "record", className)}
      />
    </FieldShell>
  );
}

export type TextAreaProps = FieldFrame & ComponentProps<"textarea">;

export function TextArea(props: TextAreaProps) {
  const { label, labelHidden, hint, error, optional, className, name, rows = 3, ...area } = props;
  return (
    <FieldShell {...{ label, labelHidden, hint, error, optional, name }}>
      <Field.Control
        render={<textarea rows={rows} {...area} />}
        className={cx(CONTROL, "resize-y py-1.5 leading-normal", className)}
      />
    </FieldShell>
  );
}

export type Choice<T extends string> = {
  value: T;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
};

export type RadioFieldProps<T extends string> = {
  label: string;
  labelHidden?: boolean;
  name?: string;
  value: T | null;
  options: readonly Choice<T>[];
  onChange: (value: T) => void;
  error?: string | null;
  /** `cards` draws each option in a hairline. */
  look?: "plain" | "cards";
};

export function RadioField<T extends string>(props: RadioFieldProps<T>) {
  const { label, labelHidden, name, value, options, onChange, error, look = "plain" } = props;
  return (
    <Fieldset.Root className="flex flex-col gap-1.5">
      <Fieldset.Legend className={labelHidden ? "sr-only" : "text-xs font-medium"}>
        {label}
      </Fieldset.Legend>
      <BaseRadioGroup
        name={name}
        aria-label={label}
        value={value ?? ""}
        onValueChange={(next) => onChange(next as T)}
        className={cx("flex flex-col", look === "cards" ? "gap-1.5" : "gap-1")}
      >
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              "flex items-start gap-2 text-sm",
              look === "cards" &&
                "rounded-control border px-2.5 py-2 hover:bg-hover has-data-checked:border-accent has-data-checked:bg-selected",
            )}
          >
            <Radio.Root
              value={option.value}
              disabled={option.disabled}
              className="mt-[3px] flex size-3.5 shrink-0 items-center justify-center rounded-full border border-line-strong bg-sunken data-checked:border-accent"
            >
              <Radio.Indicator className="size-1.5 rounded-full bg-accent data-unchecked:hidden" />
            </Radio.Root>
            <span className="min-w-0">
              {option.label}
              {option.hint ? <span className="block text-xs text-dim">{option.hint}</span> : null}
            </span>
          </label>
        ))}
      </BaseRadioGroup>
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
    </Fieldset.Root>
  );
}

export type CheckFieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  name?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
};

export function CheckField({ label, hint, name, checked, disabled, onChange }: CheckFieldProps) {
  return (
    <label className="flex items-start gap-2 text-sm">
      <BaseCheckbox.Root
        name={name}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
        className={cx(
          "mt-[3px] flex size-3.5 shrink-0 items-center justify-center rounded-[3px] border border-line-strong bg-sunken",
          "data-checked:border-accent-solid data-checked:bg-accent-solid data-disabled:opacity-50",
        )}
      >
        <BaseCheckbox.Indicator className="text-on-accent data-unchecked:hidden">
          <Check className="size-3" strokeWidth={2.5} aria-hidden />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span className="min-w-0">
        {label}
        {hint ? <span className="block text-xs text-dim">{hint}</span> : null}
      </span>
    </label>
  );
}
