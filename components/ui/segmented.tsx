"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type Props<T extends string> = {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  onChange: (value: T) => void;
  className?: string;
};

/** One of two or three looks at the same thing; always exactly one is pressed. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
  className,
}: Props<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next) => {
        const chosen = next.at(-1);
        if (chosen) onChange(chosen as T);
      }}
      className={cx(
        "inline-flex h-7 items-center rounded-control border bg-sunken p-0.5",
        className,
      )}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="inline-flex h-full items-center gap-1.5 rounded-[3px] px-2 text-xs text-dim transition-colors hover:text-text data-pressed:bg-raised data-pressed:text-text data-pressed:shadow-[0_0_0_1px_var(--line)]"
        >
          {option.icon}
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
