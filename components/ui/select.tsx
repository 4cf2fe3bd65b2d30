"use client";

import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cx } from "./cx.ts";
import { CONTROL, FieldShell } from "./field.tsx";
import type { Choice, FieldFrame } from "./field.tsx";

export type SelectFieldProps<T extends string> = FieldFrame & {
  name?: string;
  value: T | null;
  options: readonly Choice<T>[];
  placeholder?: string;
  disabled?: boolean;
  onChange: (value: T) => void;
  className?: string;
};

/** One of a list. The value chosen is also posted under `name` with the form around it. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const {
    label,
    labelHidden,
    hint,
    error,
    optional,
    name,
    value,
    options,
    placeholder = "Choose",
    disabled,
  } = props;
  return (
    <FieldShell {...{ label, labelHidden, hint, error, optional, name }}>
      <Base.Root
        items={options as { value: T; label: string }[]}
        value={value}
        disabled={disabled}
        onValueChange={(next) => (next === null ? undefined : props.onChange(next as T))}
      >
        <Base.Trigger
          className={cx(
            CONTROL,
            "flex h-7 items-center justify-between gap-2 text-left",
            props.className,
          )}
        >
          <Base.Value className="truncate data-placeholder:text-faint" placeholder={placeholder} />
          <Base.Icon className="text-faint">
            <ChevronsUpDown className="size-3.5" strokeWidth={1.5} aria-hidden />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal role="region" aria-label={`Choices of ${label}`}>
          <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
            <Base.Popup className="float max-h-80 min-w-(--anchor-width) overflow-y-auto p-1 outline-none">
              <Base.List>
                {options.map((option) => (
                  <Base.Item
                    key={option.value}
                    value={option.value}
                    disabled={option.disabled}
                    className="flex items-center gap-2 rounded-control px-2 py-1 text-sm outline-none select-none data-highlighted:bg-hover data-disabled:opacity-50"
                  >
                    <span className="min-w-0 flex-1">
                      <Base.ItemText>{option.label}</Base.ItemText>
                      {option.hint ? (
                        <span className="block text-2xs text-dim">{option.hint}</span>
                      ) : null}
                    </span>
                    <Base.ItemIndicator>
                      <Check className="size-3.5 text-accent" strokeWidth={2} aria-hidden />
                    </Base.ItemIndicator>
                  </Base.Item>
                ))}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </FieldShell>
  );
}
